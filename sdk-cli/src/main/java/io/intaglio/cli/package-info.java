/** The {@code intaglio} command: data on standard output, talk on standard error, {@code --json} for machines. */
@NullMarked
package io.intaglio.cli;

import org.jspecify.annotations.NullMarked;
