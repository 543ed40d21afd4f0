/** How events reach their listeners. */
@NullMarked
package io.intaglio.client.internal.event;

import org.jspecify.annotations.NullMarked;
