/** The client: one pipeline from request to certain outcome, over Apache HttpClient 5. */
@SuppressWarnings("module") // the fleet's module, to which one package is open, is built after this one
module io.intaglio.core {
    requires transitive io.intaglio.signing;
    requires static transitive org.jspecify;
    requires org.bouncycastle.provider;
    requires org.bouncycastle.pkix;
    requires org.apache.httpcomponents.client5.httpclient5;
    requires org.apache.httpcomponents.core5.httpcore5;
    requires io.github.resilience4j.circuitbreaker;
    requires io.github.resilience4j.retry;
    requires io.github.resilience4j.core;
    requires jdk.jfr;
    requires static micrometer.core; // transitive would make every module that uses this one need it
    requires org.slf4j;
    requires tools.jackson.core;
    requires tools.jackson.databind;
    requires tools.jackson.dataformat.toml;

    exports io.intaglio.client;
    exports io.intaglio.client.audit;
    exports io.intaglio.client.event;
    exports io.intaglio.client.guard;
    exports io.intaglio.client.internal.share to
            io.intaglio.fleet;
    exports io.intaglio.client.metrics;
    exports io.intaglio.client.oauth;
    exports io.intaglio.client.profile;
    exports io.intaglio.client.remote;
    exports io.intaglio.client.tls;
}
