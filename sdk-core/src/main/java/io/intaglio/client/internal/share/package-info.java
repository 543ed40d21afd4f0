/**
 * How the budgets of several processes are kept together: what the fleet's module does for the counts of this one. Exported to that module alone, so that it
 * may change.
 */
@NullMarked
package io.intaglio.client.internal.share;

import org.jspecify.annotations.NullMarked;
