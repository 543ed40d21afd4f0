/** What Java Flight Recorder is told of calls. The names and fields are listed in {@code docs/monitoring.md}. */
@NullMarked
package io.intaglio.client.internal.jfr;

import org.jspecify.annotations.NullMarked;
