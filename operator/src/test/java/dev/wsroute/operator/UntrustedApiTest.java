// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An API server whose certificate is not trusted ends the start at once, with a sentence that says what is wrong with it. */
class UntrustedApiTest {

    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final String AUTHORITY = "authority";
    private static final String STRANGER = "stranger";
    private static final String SERVER = "server";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "authority | ip:127.0.0.1      | -10d | 5  | its certificate has expired (NotAfter: ",
                "authority | ip:127.0.0.1      | +10d | 5  | its certificate is not valid yet (NotBefore: ",
                "authority | dns:elsewhere.com | -1d  | 5  | its certificate names another host (No subject alternative names matching IP address 127.0.0.1 found)",
                "stranger  | ip:127.0.0.1      | -1d  | 5  | its certificate is not from a trusted authority (unable to find valid certification path",
            })
    void theSentenceSaysWhy(String issuer, String name, String from, String days, String why) throws Exception {
        HttpsServer api = serverWith(issuer, name, from, days);

        assertThatThrownBy(() -> check(api))
                .isInstanceOf(OperatorStartupException.class)
                .hasMessageStartingWith("the Kubernetes API at https://127.0.0.1:"
                        + api.getAddress().getPort() + "/ is not trusted: " + why);
        api.stop(0);
    }

    @Test
    void aTrustedCertificateIsNoObstacle() throws Exception {
        HttpsServer api = serverWith(AUTHORITY, "ip:127.0.0.1", "-1d", "5");
        List<String> requests = new ArrayList<>();
        api.createContext("/", exchange -> {
            requests.add(exchange.getRequestURI().getPath());
            exchange.sendResponseHeaders(401, -1);
            exchange.close();
        });

        assertThatThrownBy(() -> check(api)).hasMessageEndingWith("rejected the credentials");
        assertThat(requests).contains("/apis/wsroute.dev/v1alpha1/websocketroutes");
        api.stop(0);
    }

    private void check(HttpsServer api) throws Exception {
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl("https://127.0.0.1:" + api.getAddress().getPort())
                .withCaCertData(Base64.getEncoder().encodeToString(keytool(AUTHORITY, "-exportcert", "-rfc")))
                .build();
        try (KubernetesClient client = ApiClient.of(config, new Interceptor() {})) {
            ApiAccess.check(client, Set.of());
        }
    }

    private HttpsServer serverWith(String issuer, String name, String from, String days) throws Exception {
        generate(AUTHORITY, "-ext", "bc:c");
        if (issuer.equals(STRANGER)) {
            generate(STRANGER, "-ext", "bc:c");
        }
        generate(SERVER, "-signer", issuer, "-ext", "san=" + name, "-startdate", from, "-validity", days);
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys())) {
            store.load(in, PASSWORD);
        }
        for (String other : List.of(AUTHORITY, STRANGER)) {
            store.deleteEntry(other);
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(keys.getKeyManagers(), null, null);
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        server.start();
        return server;
    }

    private Path keys() {
        return folder.resolve("keys.p12");
    }

    private void generate(String alias, String... further) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("-genkeypair", "-keyalg", "EC", "-dname", "CN=" + alias));
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
