/** Rate budgets: whether and when a call may go out. */
@NullMarked
package io.intaglio.client.internal.limit;

import org.jspecify.annotations.NullMarked;
