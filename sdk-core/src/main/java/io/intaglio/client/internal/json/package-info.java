/** Reads single values out of JSON answers. */
@NullMarked
package io.intaglio.client.internal.json;

import org.jspecify.annotations.NullMarked;
