package io.intaglio.client.tls;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A private key with its certificates, found good for a client, and the servers that it is shown to. */
record Identity(Keystore keystore, PrivateKey key, List<X509Certificate> chain) {
    private static final Set<String> KEYS = Set.of("RSA", "EC", "RSASSA-PSS");

    /** @throws KeystoreException when the keystore gives none, or more than one and no alias says which, or one with a fault */
    static Identity of(Keystore keystore, Instant now) {
        KeystoreContent content = keystore.read();
        KeystoreContent.Entry entry = chosen(keystore, content);
        List<String> faults = entry.faults(now);
        if (!faults.isEmpty()) {
            throw new KeystoreException(keystore.subject() + ", entry " + entry.alias() + ": " + faults.get(0));
        }
        PrivateKey key = entry.key();
        if (key == null) {
            throw new KeystoreException(
                    keystore.subject() + ", entry " + entry.alias()
                            + " is a certificate without its private key; name the file that holds both, or the key's own with key(..)");
        }
        if (!KEYS.contains(key.getAlgorithm())) {
            throw new KeystoreException(
                    keystore.subject() + ", entry " + entry.alias() + ": its key is " + key.getAlgorithm()
                            + ", which Java's TLS cannot use; have a certificate issued for RSA or EC on P-256");
        }
        return new Identity(keystore, key, entry.certificates());
    }

    private static KeystoreContent.Entry chosen(Keystore keystore, KeystoreContent content) {
        String alias = keystore.alias();
        if (alias != null) {
            return content.entries().stream()
                    .filter(entry -> entry.alias().equalsIgnoreCase(alias))
                    .findFirst()
                    .orElseThrow(() -> new KeystoreException(keystore.subject() + " has no entry " + alias + "; it has "
                            + (content.entries().isEmpty() ? "none" : aliases(content.entries()))));
        }
        List<KeystoreContent.Entry> withKey = new ArrayList<>(
                content.entries().stream().filter(KeystoreContent.Entry::hasKey).toList());
        if (withKey.size() == 1) {
            return withKey.get(0);
        }
        if (!withKey.isEmpty()) {
            throw new KeystoreException(keystore.subject() + " holds " + withKey.size() + " private keys, "
                    + aliases(withKey) + "; say which with alias(..)");
        }
        // what kept a key from being read says more than that there is none
        for (KeystoreContent.Entry entry : content.entries()) {
            List<String> faults = entry.faults(Instant.EPOCH);
            if (!faults.isEmpty()) {
                throw new KeystoreException(keystore.subject() + ", entry " + entry.alias() + ": " + faults.get(0));
            }
        }
        throw new KeystoreException(keystore.subject() + " holds no private key, only "
                + (content.entries().isEmpty() ? "nothing at all" : "certificates")
                + "; a client's identity is a key with its certificate, a truststore goes to trust(..)");
    }

    private static String aliases(List<KeystoreContent.Entry> entries) {
        return String.join(
                ", ", entries.stream().map(KeystoreContent.Entry::alias).toList());
    }

    X509Certificate certificate() {
        return chain.get(0);
    }
}
