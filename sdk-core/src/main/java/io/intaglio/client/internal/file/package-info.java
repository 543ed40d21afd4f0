/** Files that belong to one process at a time. */
@NullMarked
package io.intaglio.client.internal.file;

import org.jspecify.annotations.NullMarked;
