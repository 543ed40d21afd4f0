/** Codecs and encoders that the schemes share. Not exported: no stability promise. */
@NullMarked
package io.intaglio.signing.internal;

import org.jspecify.annotations.NullMarked;
