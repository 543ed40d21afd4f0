/** Log-ons of venues that give a token for a signed request of their own. */
@NullMarked
package io.intaglio.client.internal.login;

import org.jspecify.annotations.NullMarked;
