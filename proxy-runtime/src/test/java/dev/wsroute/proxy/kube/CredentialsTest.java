// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wsroute.proxy.testkit.Certificates;
import dev.wsroute.proxy.testkit.ScriptedApi;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Finding the API server and credentials: service accounts and kubeconfigs. */
@Tag("slow")
class CredentialsTest {

    private static final String HEAD = """
            apiVersion: v1
            kind: Config
            current-context: here
            contexts:
            - name: here
              context: {cluster: one, user: me}
            """;

    @TempDir
    private Path folder;

    @Test
    void aPodAsksByItsServiceAccount() throws Exception {
        write("ca.crt", Certificates.of("dns:kubernetes", "EC").certificatePem());
        write("token", "abc\n");

        ApiServer server = pod("10.96.0.1", "6443");

        assertThat(server).hasToString("https://10.96.0.1:6443");
        assertThat(server.tls()).isNotNull();
        assertThat(server.token().current()).isEqualTo("abc");
    }

    @Test
    void aPodOfAnIpv6ClusterAsksAtAnAddressInBrackets() throws Exception {
        write("ca.crt", Certificates.of("dns:kubernetes", "EC").certificatePem());

        ApiServer server = pod("fd00::1", "443");

        assertThat(server.host()).isEqualTo("fd00::1");
        assertThat(server.authority()).isEqualTo("[fd00::1]:443");
    }

    @Test
    void aServiceAccountWithoutFilesIsASentence() throws Exception {
        assertThatThrownBy(() -> pod("10.96.0.1", "443"))
                .hasMessage("The file " + folder.resolve("ca.crt") + " does not exist");
        write("ca.crt", "nothing");
        assertThatThrownBy(() -> pod("10.96.0.1", "443"))
                .hasMessage("The file " + folder.resolve("ca.crt") + " holds no certificate in PEM");
        assertThatThrownBy(() -> new TokenFile(write("token", " \n")).current())
                .hasMessage("The file " + folder.resolve("token") + " has no token");
    }

    @Test
    void outsideOfAClusterAndWithoutAKubeconfigNoApiIsKnown() {
        assertThatThrownBy(() -> KubernetesApi.find(Map.of("HOME", folder.toString()), folder))
                .hasMessage(
                        "No Kubernetes API found: this is not a pod with a service account, and KUBECONFIG is not set");
    }

    @Test
    void aKubeconfigTakesPrecedenceOverTheServiceAccount() throws Exception {
        Path file = write("config", HEAD + """
                clusters:
                - {name: two, cluster: {server: 'https://192.0.2.1'}}
                - {name: one, cluster: {server: 'https://api.example:6443/base/'}}
                users:
                - {name: me, user: {token: abc}}
                """);

        ApiServer server = KubernetesApi.find(
                Map.of("KUBECONFIG", file.toString(), "KUBERNETES_SERVICE_HOST", "10.96.0.1"), folder);

        assertThat(server).hasToString("https://api.example:6443/base");
        assertThat(server.token().current()).isEqualTo("abc");
    }

    @Test
    void aTokenFileIsReadFromTheKubeconfigsFolder() throws Exception {
        write("token", "from the file");
        ApiServer server = Kubeconfig.read(write("config", HEAD + """
                clusters: [{name: one, cluster: {server: 'http://127.0.0.1:8080'}}]
                users: [{name: me, user: {tokenFile: token, token: other}}]
                """));

        assertThat(server.tls()).isNull();
        assertThat(server.token().current()).isEqualTo("from the file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC"})
    void aClientCertificateIsShown(String algorithm) throws Exception {
        Certificates own = Certificates.of("dns:client", algorithm);
        Certificates served = Certificates.of("dns:api.example", "EC");
        write("client.pem", own.keyPem());
        try (ScriptedApi api = new ScriptedApi(served.server(own))) {
            api.answer("GET /base/version", 200, "ok");
            Path file = write(
                    "config",
                    HEAD + """
                    clusters: [{name: one, cluster: {server: '%s/base', tls-server-name: api.example, \
                    certificate-authority-data: %s}}]
                    users: [{name: me, user: {client-key: client.pem, client-certificate-data: %s}}]
                    """.formatted(api.url(), base64(served.certificatePem()), base64(own.certificatePem())));
            HttpCalls calls = new HttpCalls(
                    () -> Kubeconfig.read(file), api.loops(), NioSocketChannel.class, Duration.ofSeconds(60));

            assertThat(calls.get("/version")).asString(StandardCharsets.UTF_8).isEqualTo("ok");
            assertThat(api.request().client()).isEqualTo("CN=test");
        }
    }

    @ParameterizedTest(name = "{2}")
    @CsvSource(
            delimiter = '!',
            value = {
                "{server: https://a}! {exec: {command: aws}}! The user 'me' of the kubeconfig FILE has 'exec', which"
                        + " is not supported: give it a token or a client certificate",
                "{server: https://a}! {auth-provider: {name: oidc}}! The user 'me' of the kubeconfig FILE has"
                        + " 'auth-provider', which is not supported: give it a token or a client certificate",
                "{server: https://a}! {username: a, password: b}! The user 'me' of the kubeconfig FILE has"
                        + " 'username', which is not supported: give it a token or a client certificate",
                "{server: https://a, proxy-url: http://b}! {}! The kubeconfig FILE has 'proxy-url', which is not"
                        + " supported",
                "{server: https://a, insecure-skip-tls-verify: true}! {}! The kubeconfig FILE has"
                        + " 'insecure-skip-tls-verify', which is not supported: give it the certificate-authority,"
                        + " and a tls-server-name if the certificate names another host",
                "{}! {}! The current cluster of the kubeconfig FILE has no 'server'",
                "{server: ftp://a}! {}! The Kubernetes API's address 'ftp://a' is not of the form https://HOST:PORT"
                        + " or http://HOST:PORT",
                "{server: 'https://a b'}! {}! The Kubernetes API's address 'https://a b' is not a URL",
                "{server: https://a, certificate-authority: none}! {}! The file FOLDER/none does not exist",
                "{server: https://a, certificate-authority-data: '-'}! {}! The certificate-authority of the"
                        + " kubeconfig FILE holds no certificate in PEM",
                "{server: https://a}! {client-certificate-data: YQ==}! The kubeconfig FILE must have both"
                        + " client-certificate and client-key, or neither",
            })
    void whatCannotBeUsedIsOneSentence(String cluster, String user, String sentence) throws Exception {
        Path file = write(
                "config",
                HEAD + "clusters: [{name: one, cluster: " + cluster + "}]\nusers: [{name: me, user: " + user + "}]");

        assertThatThrownBy(() -> Kubeconfig.read(file))
                .isInstanceOf(IOException.class)
                .hasMessage(sentence.replace("FILE", file.toString()).replace("FOLDER", folder.toString()));
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(
            delimiter = '!',
            value = {
                "''! The kubeconfig FILE is not a YAML object",
                "{! The kubeconfig FILE is not YAML: ",
                "a: b! The kubeconfig FILE has no 'current-context'",
                "current-context: gone! The kubeconfig FILE has no 'gone' among its contexts",
            })
    void aFileThatIsNoKubeconfigIsOneSentence(String text, String sentence) throws Exception {
        Path file = write("config", text == null ? "" : text);

        assertThatThrownBy(() -> Kubeconfig.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(sentence.replace("FILE", file.toString()));
    }

    private ApiServer pod(String host, String port) throws IOException {
        return KubernetesApi.find(Map.of("KUBERNETES_SERVICE_HOST", host, "KUBERNETES_SERVICE_PORT", port), folder);
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }
}
