/** One key on many machines: nonces shared through Redis. */
module io.intaglio.fleet {
    requires transitive io.intaglio.core;
    requires static transitive org.jspecify;
    requires lettuce.core;
    requires org.slf4j;

    exports io.intaglio.fleet;
}
