/**
 * A client's numbers for a metrics registry. Needs {@code io.micrometer:micrometer-core}, which this library does not bring along; nothing else of the
 * library needs it.
 */
@NullMarked
package io.intaglio.client.metrics;

import org.jspecify.annotations.NullMarked;
