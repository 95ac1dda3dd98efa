// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.wsroute.operator.testkit.TestCertificates;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An API server whose certificate is not trusted ends the start at once, with a sentence that says what is wrong with it. */
class UntrustedApiTest {

    private static final String AUTHORITY = "authority";
    private static final String STRANGER = "stranger";

    @TempDir
    private Path folder;

    private TestCertificates certificates;

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
                .withCaCertData(Base64.getEncoder()
                        .encodeToString(certificates.pem(AUTHORITY).getBytes(StandardCharsets.US_ASCII)))
                .build();
        try (KubernetesClient client = ApiClient.of(config, new Interceptor() {})) {
            ApiAccess.check(client, Set.of());
        }
    }

    private HttpsServer serverWith(String issuer, String name, String from, String days) throws Exception {
        certificates = new TestCertificates(folder);
        certificates.authority(AUTHORITY);
        if (issuer.equals(STRANGER)) {
            certificates.authority(STRANGER);
        }
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        server.setHttpsConfigurator(
                new HttpsConfigurator(certificates.server(issuer, name, from, Integer.parseInt(days))));
        server.start();
        return server;
    }
}
