package io.intaglio.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * An authority with a server's and a client's certificate, made by the JDK's keytool for one run.
 *
 * @param authority its certificate, PEM
 * @param trust the same as a PKCS#12 truststore
 * @param server key and chain, PKCS#12
 * @param client key and chain, PKCS#12
 */
record TlsFiles(Path authority, Path trust, Path server, Path client) {
    static final String PASSWORD = "benchmark";

    static TlsFiles in(Path folder) {
        return new TlsFiles(
                folder.resolve("authority.pem"),
                folder.resolve("trust.p12"),
                folder.resolve("server.p12"),
                folder.resolve("client.p12"));
    }

    static TlsFiles make(Path folder) throws IOException, InterruptedException {
        TlsFiles files = in(folder);
        Path authority = folder.resolve("authority.p12");
        keytool(
                "-genkeypair",
                "-alias",
                "authority",
                "-keystore",
                authority.toString(),
                "-dname",
                "CN=Benchmark authority",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-ext",
                "bc:c=ca:true",
                "-ext",
                "ku:c=keyCertSign",
                "-validity",
                "2");
        keytool(
                "-exportcert",
                "-rfc",
                "-alias",
                "authority",
                "-keystore",
                authority.toString(),
                "-file",
                files.authority.toString());
        keytool(
                "-importcert",
                "-noprompt",
                "-alias",
                "authority",
                "-keystore",
                files.trust.toString(),
                "-file",
                files.authority.toString());
        leaf(folder, authority, files.authority, files.server, "serverAuth", "-ext", "san=ip:127.0.0.1");
        leaf(folder, authority, files.authority, files.client, "clientAuth");
        return files;
    }

    private static void leaf(Path folder, Path authority, Path root, Path store, String usage, String... more)
            throws IOException, InterruptedException {
        String request = folder.resolve(usage + ".csr").toString();
        String answer = folder.resolve(usage + ".pem").toString();
        keytool(
                "-genkeypair",
                "-alias",
                "key",
                "-keystore",
                store.toString(),
                "-dname",
                "CN=" + usage,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                "2");
        keytool("-certreq", "-alias", "key", "-keystore", store.toString(), "-file", request);
        List<String> sign = new ArrayList<>(List.of(
                "-gencert",
                "-rfc",
                "-alias",
                "authority",
                "-keystore",
                authority.toString(),
                "-infile",
                request,
                "-outfile",
                answer,
                "-ext",
                "eku=" + usage,
                "-ext",
                "ku:c=digitalSignature",
                "-validity",
                "2"));
        sign.addAll(List.of(more));
        keytool(sign.toArray(String[]::new));
        keytool(
                "-importcert",
                "-noprompt",
                "-alias",
                "authority",
                "-keystore",
                store.toString(),
                "-file",
                root.toString());
        keytool("-importcert", "-noprompt", "-alias", "key", "-keystore", store.toString(), "-file", answer);
    }

    private static void keytool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("keytool " + arguments[0] + " failed: " + said);
        }
    }

    /** For the peers, which take a context. */
    SSLContext context() throws IOException, GeneralSecurityException {
        return context(client);
    }

    SSLContext serverContext() throws IOException, GeneralSecurityException {
        return context(server);
    }

    private SSLContext context(Path store) throws IOException, GeneralSecurityException {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(load(store), PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), new X509TrustManager[] {trustManager()}, null);
        return context;
    }

    X509TrustManager trustManager() throws IOException, GeneralSecurityException {
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(load(trust));
        return (X509TrustManager) trusted.getTrustManagers()[0];
    }

    private static KeyStore load(Path file) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }
}
