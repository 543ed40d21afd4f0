package io.intaglio.signing.venue;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.Explanation;
import io.intaglio.signing.Moment;
import io.intaglio.signing.SignedRequest;
import io.intaglio.signing.SigningException;
import io.intaglio.signing.SigningScheme;
import io.intaglio.signing.key.SignatureAlgorithm;
import io.intaglio.signing.standard.AwsSigV4;
import java.time.Duration;
import java.util.Set;

/**
 * A platform behind AWS API Gateway with IAM: AWS Signature Version 4 with the content's hash sent. The address is the platform's own; give
 * it with {@link Venue#at} or in the request.
 *
 * <p>Attributes of the credential: {@code region}, and {@code service}, which is {@code execute-api} unless given. Its secret {@code
 * session-token} is sent when there is one. Source: AWS IAM user guide, "AWS Signature Version 4 for API requests"; five minutes either way
 * are its window.
 */
public final class AwsExecuteApi {
    private static final class ByCredential implements SigningScheme {
        @Override
        public SignedRequest sign(ApiRequest request, Credential credential, Moment moment) {
            return schemeOf(credential).sign(request, credential, moment);
        }

        @Override
        public Explanation explain(ApiRequest request, Credential credential, Moment moment) {
            return schemeOf(credential).explain(request, credential, moment);
        }

        @Override
        public String family() {
            return "signed headers";
        }

        @Override
        public Set<SignatureAlgorithm> algorithms() {
            return AwsSigV4.of("any", "any").algorithms();
        }

        private static AwsSigV4 schemeOf(Credential credential) {
            String region = credential
                    .attribute("region")
                    .orElseThrow(() -> new SigningException("aws-sigv4 signs the region, but credential "
                            + credential.shortKeyId() + " names none; give it as its attribute 'region'"));
            return AwsSigV4.of(region, credential.attribute("service").orElse("execute-api"))
                    .withContentHash();
        }
    }

    /** The venue. */
    public static final Venue VENUE = Venue.named("aws-sigv4")
            .confirmed(Confirmation.OFFICIAL)
            .alias("aws_sigv4")
            .baseUri("https://execute-api.us-east-1.amazonaws.com")
            .scheme(new ByCredential())
            .window(Duration.ofMinutes(5), Duration.ofMinutes(5))
            .build();

    private AwsExecuteApi() {}
}
