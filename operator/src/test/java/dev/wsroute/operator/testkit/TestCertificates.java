// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** Authorities and what they issue, made by the JDK's keytool. */
public final class TestCertificates {

    private static final char[] PASSWORD = "changeit".toCharArray();

    private final Path folder;

    /** @param folder that holds the keys */
    public TestCertificates(Path folder) {
        this.folder = folder;
    }

    /** Makes an authority. */
    public void authority(String name) throws Exception {
        generate(name, "-ext", "bc:c");
    }

    /** The certificate of an authority, in PEM. */
    public String pem(String authority) throws Exception {
        return new String(keytool(authority, "-exportcert", "-rfc"), StandardCharsets.US_ASCII);
    }

    /**
     * A server's side of TLS, with a new certificate.
     *
     * @param name such as {@code dns:idp.example} or {@code ip:127.0.0.1}
     * @param from when the certificate begins to count, such as {@code -10d}
     * @param days for how long it counts
     */
    public SSLContext server(String authority, String name, String from, int days) throws Exception {
        String alias = "server " + authority + " " + name + " " + from;
        generate(
                alias,
                "-signer",
                authority,
                "-ext",
                "san=" + name,
                "-startdate",
                from,
                "-validity",
                Integer.toString(days));
        KeyStore all = load();
        KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        own.setKeyEntry(alias, all.getKey(alias, PASSWORD), PASSWORD, all.getCertificateChain(alias));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, PASSWORD);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(keys.getKeyManagers(), null, null);
        return tls;
    }

    private KeyStore load() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys())) {
            store.load(in, PASSWORD);
        }
        return store;
    }

    private Path keys() {
        return folder.resolve("keys.p12");
    }

    private void generate(String alias, String... further) throws IOException, InterruptedException {
        List<String> arguments =
                new ArrayList<>(List.of("-genkeypair", "-keyalg", "EC", "-dname", "CN=" + alias.split(" ")[0]));
        arguments.addAll(List.of(further));
        keytool(alias, arguments.toArray(String[]::new));
    }

    /** Returns what it prints. */
    private byte[] keytool(String alias, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC"));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-alias", alias, "-keystore", keys().toString(), "-storetype", "PKCS12"));
        command.addAll(List.of("-storepass", new String(PASSWORD)));
        Path output = folder.resolve("output");
        Process keytool = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
            throw new IOException("keytool: " + Files.readString(output));
        }
        return Files.readAllBytes(output);
    }
}
