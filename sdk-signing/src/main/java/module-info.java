/** Pure signing: schemes, keys, secrets, clocks, nonces and venue facts. No HTTP. */
module io.intaglio.signing {
    requires java.base;
    requires static transitive org.jspecify;
    requires org.bouncycastle.provider;
    requires org.bouncycastle.pkix;
    requires tools.jackson.core;

    exports io.intaglio.signing;
    exports io.intaglio.signing.key;
    exports io.intaglio.signing.scheme;
    exports io.intaglio.signing.secret;
    exports io.intaglio.signing.standard;
    exports io.intaglio.signing.time;
    exports io.intaglio.signing.vector;
    exports io.intaglio.signing.venue;
    exports io.intaglio.signing.webhook;
    exports io.intaglio.signing.verify;
}
