/** Benchmarks; {@code ./benchmark} runs them. Not published. */
@NullMarked
package io.intaglio.benchmarks;

import org.jspecify.annotations.NullMarked;
