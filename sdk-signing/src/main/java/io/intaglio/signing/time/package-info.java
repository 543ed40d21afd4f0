/**
 * Where the time and the nonce of an attempt come from.
 *
 * <pre>{@code
 * VenueClock clock = VenueClock.system();
 * NonceSource nonces = NonceSource.increasing(NonceUnit.MICROS);
 * Instant now = clock.now();
 * Moment moment = Moment.of(now, nonces.next(now));
 * }</pre>
 */
@NullMarked
package io.intaglio.signing.time;

import org.jspecify.annotations.NullMarked;
