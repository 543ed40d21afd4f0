package io.intaglio.client.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the certificate for a server: of those for its host before those for all hosts, of a kind that it takes, and if there are several one
 * of an authority that it names. It is shown even when the server names other authorities: the list is a hint (RFC 8446 section 4.2.4), and a
 * refusal that names the certificate is easier to mend than an empty answer.
 */
final class IdentityManager extends X509ExtendedKeyManager {
    private final List<Identity> identities;

    IdentityManager(List<Identity> identities) {
        this.identities = identities;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        String host = socket instanceof SSLSocket tls && tls.getHandshakeSession() != null
                ? tls.getHandshakeSession().getPeerHost()
                : null;
        return choose(keyTypes, issuers, host);
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return choose(keyTypes, issuers, engine == null ? null : engine.getPeerHost());
    }

    private @Nullable String choose(String[] keyTypes, Principal @Nullable [] issuers, @Nullable String host) {
        int best = -1;
        int bestRank = -1;
        for (int i = 0; i < identities.size(); i++) {
            Identity identity = identities.get(i);
            Keystore keystore = identity.keystore();
            boolean fits = Arrays.asList(keyTypes).contains(identity.key().getAlgorithm())
                    && (keystore.isForAll() || host != null && keystore.serves(host));
            int rank = (keystore.isForAll() ? 0 : 2) + (isOf(identity, issuers) ? 1 : 0);
            if (fits && rank > bestRank) {
                best = i;
                bestRank = rank;
            }
        }
        return best < 0 ? null : Integer.toString(best);
    }

    private static boolean isOf(Identity identity, Principal @Nullable [] issuers) {
        return issuers == null
                || identity.chain().stream()
                        .anyMatch(each -> Arrays.asList(issuers).contains(each.getIssuerX500Principal()));
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        return identities.get(Integer.parseInt(alias)).chain().toArray(new X509Certificate[0]);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        return identities.get(Integer.parseInt(alias)).key();
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
