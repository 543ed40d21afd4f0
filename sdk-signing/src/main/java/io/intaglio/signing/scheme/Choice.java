package io.intaglio.signing.scheme;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.Explanation;
import io.intaglio.signing.Moment;
import io.intaglio.signing.SignedRequest;
import io.intaglio.signing.SigningScheme;
import io.intaglio.signing.key.KeyReader;
import io.intaglio.signing.key.SignatureAlgorithm;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.secret.Secret;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Several schemes of one venue, the first that matches the request and the credential being used: spot and contract paths, legacy keys and
 * JWT keys. Immutable and thread-safe.
 */
public final class Choice implements SigningScheme {
    private record Case(BiPredicate<ApiRequest, Credential> when, SigningScheme scheme) {}

    private final List<Case> cases;
    private final SigningScheme otherwise;
    private final KeyReader.@Nullable SeedForm seedForm;

    private Choice(List<Case> cases, SigningScheme otherwise, KeyReader.@Nullable SeedForm seedForm) {
        this.cases = cases;
        this.otherwise = otherwise;
        this.seedForm = seedForm;
    }

    /** The scheme for requests that match none of the cases added with {@link #when}. */
    public static Choice otherwise(SigningScheme scheme) {
        return new Choice(List.of(), scheme, null);
    }

    /** The same with one more case, tried after those already there. */
    public Choice when(BiPredicate<ApiRequest, Credential> condition, SigningScheme scheme) {
        List<Case> more = new ArrayList<>(cases);
        more.add(new Case(condition, scheme));
        return new Choice(List.copyOf(more), otherwise, seedForm);
    }

    /**
     * The same, reading bare text of 32 or 64 bytes in this form as an Ed25519 seed rather than as a secret. For venues whose secrets never
     * have that length.
     */
    public Choice seeds(KeyReader.SeedForm form) {
        return new Choice(cases, otherwise, form);
    }

    /** PEM of any kind, a seed if {@link #seeds} said its form, else what the scheme of {@link #otherwise} reads. */
    @Override
    public SigningKey readKey(Secret text) {
        if (KeyReader.looksLikePem(text)) {
            return KeyReader.read(text);
        }
        return seedForm != null && KeyReader.looksLikeSeed(text, seedForm)
                ? KeyReader.ed25519(text, seedForm)
                : otherwise.readKey(text);
    }

    /** All schemes, in the order in which they are tried. */
    public List<SigningScheme> schemes() {
        List<SigningScheme> all = new ArrayList<>();
        cases.forEach(candidate -> all.add(candidate.scheme));
        all.add(otherwise);
        return all;
    }

    /** The scheme that signs this request with this credential. */
    public SigningScheme schemeFor(ApiRequest request, Credential credential) {
        for (Case candidate : cases) {
            if (candidate.when.test(request, credential)) {
                return candidate.scheme;
            }
        }
        return otherwise;
    }

    @Override
    public SignedRequest sign(ApiRequest request, Credential credential, Moment moment) {
        return schemeFor(request, credential).sign(request, credential, moment);
    }

    @Override
    public Explanation explain(ApiRequest request, Credential credential, Moment moment) {
        return schemeFor(request, credential).explain(request, credential, moment);
    }

    /** The families of all schemes, each once. */
    @Override
    public String family() {
        return schemes().stream().map(SigningScheme::family).distinct().collect(Collectors.joining(", "));
    }

    @Override
    public Set<SignatureAlgorithm> algorithms() {
        Set<SignatureAlgorithm> all = new LinkedHashSet<>();
        cases.forEach(candidate -> all.addAll(candidate.scheme.algorithms()));
        all.addAll(otherwise.algorithms());
        return all;
    }
}
