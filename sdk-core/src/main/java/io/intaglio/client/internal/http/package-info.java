/** The transport: the only code that knows Apache HttpClient. Sends a signed request once and tells how far it came. */
@NullMarked
package io.intaglio.client.internal.http;

import org.jspecify.annotations.NullMarked;
