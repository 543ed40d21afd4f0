/** One file a task; {@code ./example} lists them, {@code ./example quickstart} runs the first. */
@NullMarked
package io.intaglio.examples;

import org.jspecify.annotations.NullMarked;
