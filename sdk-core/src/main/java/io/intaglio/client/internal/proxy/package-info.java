/** From a proxy as users describe it to one as the transport uses it. */
@NullMarked
package io.intaglio.client.internal.proxy;

import org.jspecify.annotations.NullMarked;
