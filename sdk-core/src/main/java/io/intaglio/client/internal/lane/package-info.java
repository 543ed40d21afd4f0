/** In which order requests of a key go out, and which of several keys signs them. */
@NullMarked
package io.intaglio.client.internal.lane;

import org.jspecify.annotations.NullMarked;
