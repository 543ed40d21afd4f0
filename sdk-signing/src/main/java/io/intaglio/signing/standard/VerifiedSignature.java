package io.intaglio.signing.standard;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a genuine signature says. Only the covered components are proven; everything else in the message may be forged.
 *
 * @param label the signature's name in its fields
 * @param keyId the key that made it
 * @param algorithm the key's algorithm
 * @param components what it covers, in order
 * @param created when it was made
 * @param expires when it ends, if it says so
 * @param nonce its nonce, if it has one
 * @param tag the application it is for, if it says so
 */
public record VerifiedSignature(
        String label,
        String keyId,
        HttpSignatureAlgorithm algorithm,
        List<Component> components,
        Instant created,
        Optional<Instant> expires,
        Optional<String> nonce,
        Optional<String> tag) {}
