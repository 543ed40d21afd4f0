/** One thing that expires, renewed by one thread for all. */
@NullMarked
package io.intaglio.client.internal.token;

import org.jspecify.annotations.NullMarked;
