/** A simulated venue over real TLS sockets, a virtual clock and a fault script, for tests of code that talks to venues. */
module io.intaglio.testkit {
    requires transitive io.intaglio.signing;
    requires mockwebserver3;
    requires okhttp3;
    requires okio;
    requires org.bouncycastle.pkix;
    requires org.bouncycastle.provider;
    requires tools.jackson.core;
    requires static transitive org.junit.jupiter.api;
    requires static transitive org.jspecify;

    exports io.intaglio.testkit;
}
