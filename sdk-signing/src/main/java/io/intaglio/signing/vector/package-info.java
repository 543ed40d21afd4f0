/**
 * Golden vectors: documented requests with the bytes expected at every stage, and their replay. A venue is done when its file passes:
 *
 * <pre>{@code
 * for (VectorCase vector : VectorFile.read(Path.of("kraken.json")).cases()) {
 *     System.out.println(vector.name() + ": " + vector.differences(KrakenSpot.VENUE));
 * }
 * }</pre>
 */
@NullMarked
package io.intaglio.signing.vector;

import org.jspecify.annotations.NullMarked;
