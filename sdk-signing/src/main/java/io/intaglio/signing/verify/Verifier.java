package io.intaglio.signing.verify;

import io.intaglio.signing.Credential;
import io.intaglio.signing.Moment;
import io.intaglio.signing.ReceivedRequest;
import io.intaglio.signing.SignedRequest;
import io.intaglio.signing.SigningException;
import io.intaglio.signing.SigningScheme;
import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.KeyKind;
import io.intaglio.signing.key.SignatureAlgorithm;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.key.VerifyingKey;
import io.intaglio.signing.scheme.Choice;
import io.intaglio.signing.scheme.Reading;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.standard.ReplayGuard;
import io.intaglio.signing.standard.VerificationException;
import io.intaglio.signing.venue.Venue;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Verifies a request by signing it again: what the scheme attaches is taken off, time and nonce are read from where the scheme puts them, the rest is
 * signed at that moment, and target, headers that the scheme sets and body must come out as they arrived, compared in constant time. A
 * randomised signature is verified with the public key instead. Immutable and thread-safe.
 *
 * <p>It proves what the scheme signs and no more: where a venue leaves the query unsigned, a changed query passes, as it would at the venue.
 *
 * <p>It cannot verify, and refuses, requests of schemes
 * <ul>
 *   <li>whose time or nonce stands inside a longer text, such as one Authorization header or a JWT, unless {@link #momentFrom} says how to read it;
 *   <li>that replace the body, such as a payload that travels in a header;
 *   <li>that are lambdas, for which nobody knows what they add;
 *   <li>made with an attribute that is signed but not sent.
 * </ul>
 */
public final class Verifier {
    private final SigningScheme scheme;
    private final @Nullable Function<ReceivedRequest, Moment> moments;

    private Verifier(SigningScheme scheme, @Nullable Function<ReceivedRequest, Moment> moments) {
        this.scheme = scheme;
        this.moments = moments;
    }

    /**
     * A verifier for a scheme made of parts.
     *
     * @throws IllegalArgumentException when the scheme is a lambda or signs nothing
     */
    public static Verifier of(SigningScheme scheme) {
        if (!(scheme instanceof Scheme) && !(scheme instanceof Choice)
                || scheme.algorithms().isEmpty()) {
            throw new IllegalArgumentException("only schemes made of parts that sign can be verified; this is "
                    + (scheme.algorithms().isEmpty() ? "a scheme without signatures" : "a lambda"));
        }
        return new Verifier(scheme, null);
    }

    /**
     * The same, for a scheme whose time or nonce stands inside a longer text.
     *
     * @param newMoments reads them; what it returns is not trusted until the signature is proven
     */
    public Verifier momentFrom(Function<ReceivedRequest, Moment> newMoments) {
        return new Verifier(scheme, newMoments);
    }

    /**
     * Returns the moment of a request that is genuine, fresh and new.
     *
     * @param credential the sender's, as the sender holds it
     * @param now on the receiver's clock
     * @param window the time in which a timestamp is accepted; not used for schemes without a time
     * @param guard asked once, for a genuine and fresh request. It gets the nonce, or without one the hash of what was signed; {@link
     *     Instant#MAX} as its end when the scheme has no time
     * @throws VerificationException when it is not; the message says why and shows no signature
     */
    public Moment verify(
            ReceivedRequest request, Credential credential, Instant now, Venue.Window window, ReplayGuard guard) {
        for (Scheme candidate : schemes(credential)) {
            for (Reading reading : candidate.readings(request)) {
                Moment moment = moment(request, reading, now);
                SignedRequest again = signed(candidate, reading, credential, moment);
                if (again != null && matches(candidate, reading, again, request, credential)) {
                    boolean timed = moments != null || reading.time().isPresent();
                    return accept(request, credential, moment, again, now, timed ? window : null, guard);
                }
            }
        }
        throw new VerificationException(
                request + " is not signed by this key as its scheme signs, or was changed on its way");
    }

    private List<Scheme> schemes(Credential credential) {
        List<Scheme> all = new ArrayList<>();
        if (scheme instanceof Scheme one) {
            all.add(one);
        } else if (scheme instanceof Choice choice) {
            for (SigningScheme part : choice.schemes()) {
                if (part instanceof Scheme one) {
                    all.add(one);
                }
            }
        }
        KeyKind kind = credential.key().map(SigningKey::kind).orElse(null);
        all.removeIf(one -> kind == null || one.algorithms().stream().noneMatch(algorithm -> algorithm.accepts(kind)));
        return all;
    }

    private Moment moment(ReceivedRequest request, Reading reading, Instant now) {
        if (moments != null) {
            return moments.apply(request);
        }
        Instant time = reading.time().orElse(now);
        return reading.nonce().map(nonce -> Moment.of(time, nonce)).orElseGet(() -> Moment.at(time));
    }

    private @Nullable SignedRequest signed(Scheme one, Reading reading, Credential credential, Moment moment) {
        SigningScheme chosen =
                scheme instanceof Choice choice ? choice.schemeFor(reading.request(), credential) : scheme;
        if (chosen != one) {
            return null;
        }
        try {
            return one.sign(reading.request(), credential, moment);
        } catch (SigningException e) {
            return null;
        }
    }

    private static boolean matches(
            Scheme one, Reading reading, SignedRequest again, ReceivedRequest request, Credential credential) {
        SigningKey key = credential.key().orElseThrow();
        SignatureAlgorithm algorithm = one.algorithms().stream()
                .filter(candidate -> candidate.accepts(key.kind()))
                .findFirst()
                .orElseThrow();
        String placed = again.signature().orElse("");
        String randomised = algorithm.isRandomised() ? placed : "";
        byte[] proof = null;
        boolean same = same(again.method(), request.method()) && MessageDigest.isEqual(again.body(), request.body());
        same &= same(again.target(), request.target());
        for (String name : reading.attached()) {
            String wanted = again.header(name).orElse("");
            String seen = request.onlyHeader(name).orElse("");
            int at = randomised.isEmpty() ? -1 : wanted.indexOf(randomised);
            if (at < 0) {
                same &= same(wanted, seen);
                continue;
            }
            int tail = wanted.length() - at - randomised.length();
            if (seen.length() < at + tail) {
                return false;
            }
            same &= same(wanted.substring(0, at), seen.substring(0, at));
            same &= same(wanted.substring(wanted.length() - tail), seen.substring(seen.length() - tail));
            proof = decoded(seen.substring(at, seen.length() - tail));
        }
        if (!algorithm.isRandomised()) {
            return same && !placed.isEmpty();
        }
        return same
                && proof != null
                && VerifyingKey.of(key.publicKey().orElseThrow()).verify(algorithm, again.preHash(), proof);
    }

    private static boolean same(String wanted, String seen) {
        return MessageDigest.isEqual(wanted.getBytes(StandardCharsets.UTF_8), seen.getBytes(StandardCharsets.UTF_8));
    }

    /** A randomised signature, hex or base64 of either alphabet. */
    private static byte @Nullable [] decoded(String text) {
        try {
            return text.matches("([0-9a-fA-F]{2})+")
                    ? HexFormat.of().parseHex(text)
                    : Base64.getUrlDecoder().decode(text.replace('+', '-').replace('/', '_'));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static Moment accept(
            ReceivedRequest request,
            Credential credential,
            Moment moment,
            SignedRequest again,
            Instant now,
            Venue.@Nullable Window window,
            ReplayGuard guard) {
        Instant until = Instant.MAX;
        if (window != null) {
            Instant time = moment.timestamp();
            if (time.isBefore(now.minus(window.past()))) {
                throw new VerificationException(request + " is stale: signed at " + time + ", but it is " + now
                        + " and at most " + window.past() + " are allowed");
            }
            if (!time.isBefore(now.plus(window.future()))) {
                throw new VerificationException(request + " is from the future: signed at " + time + ", but it is "
                        + now + " and less than " + window.future() + " are allowed");
            }
            until = time.plus(window.past());
        }
        byte[] text = again.preHash();
        String once =
                moment.nonce().orElseGet(() -> HexFormat.of().formatHex(Hash.SHA256.digest(text, 0, text.length)));
        if (!guard.firstUse(credential.keyId(), once, until)) {
            throw new VerificationException(request + " was seen before; a request counts once");
        }
        return moment;
    }
}
