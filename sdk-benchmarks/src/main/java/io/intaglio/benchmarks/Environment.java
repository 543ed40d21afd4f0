package io.intaglio.benchmarks;

import java.io.File;
import java.util.ArrayList;
import java.util.List;

/** Names what a result depends on. */
final class Environment {
    private static final List<String> PEERS = List.of(
            "sdk-signing",
            "bcprov",
            "jmh-core",
            "AmazonCorretto",
            "httpclient5",
            "okhttp",
            "binance-connector",
            "xchange-binance",
            "resilience4j-retry");

    private Environment() {}

    static String describe() {
        return "JDK " + System.getProperty("java.runtime.version") + " (" + System.getProperty("java.vm.name") + "), "
                + System.getProperty("os.name") + " " + System.getProperty("os.arch") + ", "
                + Runtime.getRuntime().availableProcessors() + " cores\n" + String.join(", ", versions()) + "\n";
    }

    /** The compared libraries by the names of their jars, which hold their versions. */
    private static List<String> versions() {
        List<String> found = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            String jar = new File(entry).getName();
            if (PEERS.stream().anyMatch(jar::startsWith)) {
                found.add(jar.replace(".jar", ""));
            }
        }
        found.sort(String::compareTo);
        return found;
    }
}
