/** The one way through: guard, admit, moment, sign, send, read, learn. */
@NullMarked
package io.intaglio.client.internal.pipeline;

import org.jspecify.annotations.NullMarked;
