// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wsroute.proxy.pem.Pem;
import dev.wsroute.proxy.testkit.Certificates;
import dev.wsroute.proxy.testkit.ScriptedApi;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of kubectl, kind and openssl. The script {@code credentials/write} among the resources wrote them. */
class CredentialFilesTest {

    private static final byte[] TEXT = "signed".getBytes(StandardCharsets.US_ASCII);
    private static final Path FOLDER = Path.of("src/test/resources/credentials");

    @ParameterizedTest
    @CsvSource({
        "rsa-pkcs1, SHA256withRSA",
        "rsa-pkcs8, SHA256withRSA",
        "ec-p256, SHA256withECDSA",
        "ec-p256-with-parameters, SHA256withECDSA",
        "ec-p384, SHA384withECDSA",
        "ec-p521, SHA512withECDSA",
        "ec-pkcs8, SHA256withECDSA",
        "ed25519, Ed25519",
    })
    void opensslsKeysAreThoseOfTheirCertificates(String name, String algorithm) throws Exception {
        Certificate certificate = certificate(name + ".cert.pem");

        PrivateKey key = key(name + ".key.pem", certificate);

        Signature signing = Signature.getInstance(algorithm);
        signing.initSign(key);
        signing.update(TEXT);
        byte[] signature = signing.sign();
        Signature checking = Signature.getInstance(algorithm);
        checking.initVerify(certificate);
        checking.update(TEXT);
        assertThat(checking.verify(signature)).isTrue();
    }

    @Test
    void textInFrontOfACertificateIsPassedOver() throws Exception {
        assertThat(certificate("text-and.cert.pem")).isEqualTo(certificate("rsa-pkcs1.cert.pem"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rsa-pkcs1.encrypted.pem", "rsa-pkcs8.encrypted.pem"})
    void encryptedKeysAreRefusedWithTheCommandThatDecryptsThem(String name) throws Exception {
        Certificate certificate = certificate("rsa-pkcs1.cert.pem");

        assertThatThrownBy(() -> key(name, certificate))
                .isInstanceOf(IOException.class)
                .hasMessage("The key is of a form that is not supported: convert it with"
                        + " 'openssl pkcs8 -topk8 -nocrypt'");
    }

    @Test
    void aKeyOfAnotherKindThanItsCertificateIsRefused() throws Exception {
        Certificate certificate = certificate("rsa-pkcs1.cert.pem");

        for (String name : List.of("ec-pkcs8.key.pem", "ec-p256.key.pem")) {
            assertThatThrownBy(() -> key(name, certificate))
                    .hasMessage(
                            "The key holds a key that cannot be read, or is not of the kind (RSA) of its certificate");
        }
        assertThatThrownBy(() -> key("rsa-pkcs1.cert.pem", certificate))
                .hasMessage("The key holds no private key in PEM");
    }

    @Test
    void kubectlsConfigWithAToken() throws Exception {
        ApiServer server = Kubeconfig.read(FOLDER.resolve("kubectl-token.yaml"));

        assertThat(server).hasToString("https://192.0.2.1:6443");
        assertThat(server.token().current()).isEqualTo("abc.def");
        assertThat(server.tls()).isNotNull();
    }

    @Test
    void kubectlsConfigThatNamesFilesBesideIt() throws Exception {
        ApiServer server = Kubeconfig.read(FOLDER.resolve("kubectl-files.yaml"));

        assertThat(server.tlsName()).isEqualTo("kubernetes.default");
        assertThat(server.token().current()).isNull();
    }

    @Test
    void kubectlsConfigThatTrustsAnybodyIsRefused() {
        assertThatThrownBy(() -> Kubeconfig.read(FOLDER.resolve("kubectl-insecure.yaml")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("'insecure-skip-tls-verify', which is not supported");
    }

    @Test
    void kindsConfigShowsItsClientCertificate(@TempDir Path folder) throws Exception {
        Certificates served = Certificates.of("ip:127.0.0.1", "EC");
        String kinds = Files.readString(FOLDER.resolve("kind.yaml"));
        try (ScriptedApi api = new ScriptedApi(served.serverTrusting(certificate("rsa-pkcs1.cert.pem")))) {
            api.answer("GET /version", 200, "ok");
            Path file = Files.writeString(
                    folder.resolve("config"),
                    kinds.replaceFirst("https://127.0.0.1:[0-9]+", api.url())
                            .replaceFirst(
                                    "certificate-authority-data: .*",
                                    "certificate-authority-data: "
                                            + Base64.getEncoder()
                                                    .encodeToString(served.certificatePem()
                                                            .getBytes(StandardCharsets.US_ASCII))));
            HttpCalls calls = new HttpCalls(
                    () -> Kubeconfig.read(file), api.loops(), NioSocketChannel.class, Duration.ofSeconds(60));

            assertThat(calls.get("/version")).asString(StandardCharsets.UTF_8).isEqualTo("ok");
            assertThat(Objects.requireNonNull(api.request()).client()).contains("CN=kubernetes-admin");
        }
    }

    private static PrivateKey key(String name, Certificate certificate) throws IOException {
        return Pem.privateKey("key", Files.readAllBytes(FOLDER.resolve(name)), certificate.getPublicKey());
    }

    private static Certificate certificate(String name) throws IOException {
        return Pem.certificates("certificate", Files.readAllBytes(FOLDER.resolve(name)))
                .get(0);
    }
}
