/** The {@code intaglio} command. */
module io.intaglio.cli {
    requires io.intaglio.core;
    requires io.intaglio.fleet;
    requires static org.jspecify;
    requires info.picocli;
    requires tools.jackson.core;
    requires tools.jackson.databind;

    opens io.intaglio.cli to
            info.picocli;
}
