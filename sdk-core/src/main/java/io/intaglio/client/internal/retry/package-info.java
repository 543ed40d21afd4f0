/** Whether and when a call is tried again: the only code that knows Resilience4j. */
@NullMarked
package io.intaglio.client.internal.retry;

import org.jspecify.annotations.NullMarked;
