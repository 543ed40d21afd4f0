/** Four processes that share a budget over a Redis, as a picture. */
@NullMarked
package io.intaglio.examples.fleet;

import org.jspecify.annotations.NullMarked;
