// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.jwks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wsroute.operator.compile.KeySetSource.Authorities;
import dev.wsroute.operator.mock.MockApi;
import dev.wsroute.operator.testkit.TestCertificates;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("slow")
class TrustReaderTest {

    private static final MockApi API = MockApi.start();

    @TempDir
    private Path folder;

    @AfterAll
    static void stop() {
        API.close();
    }

    private static void configMap(String name, Map<String, String> data) {
        API.client()
                .resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withNamespace("apps")
                        .withName(name)
                        .endMetadata()
                        .withData(data)
                        .build())
                .create();
    }

    @Test
    void readsAllCertificatesOfAllConfigMaps() throws Exception {
        TestCertificates certificates = new TestCertificates(folder);
        certificates.authority("one");
        certificates.authority("two");
        configMap("both", Map.of("ca.crt", certificates.pem("one") + certificates.pem("two")));
        configMap("second", Map.of("ca.crt", certificates.pem("two")));

        assertThat(new TrustReader(API.client()).read(new Authorities("apps", List.of("both", "second"))))
                .isNotNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "absent | ConfigMap absent does not exist, or has no key ca.crt",
                "keyless | ConfigMap keyless does not exist, or has no key ca.crt",
                "empty | the key ca.crt of caCertificateRefs does not hold certificates in PEM",
                "broken | the key ca.crt of caCertificateRefs does not hold certificates in PEM",
                "large | the CA certificates of caCertificateRefs are larger than 512 kB",
            })
    void saysWhatIsWrong(String name, String sentence) {
        Map<String, Map<String, String>> maps = Map.of(
                "keyless", Map.of("tls.crt", "x"),
                "empty", Map.of("ca.crt", ""),
                "broken", Map.of("ca.crt", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
                "large", Map.of("ca.crt", "x".repeat(513 * 1024)));
        if (maps.containsKey(name)) {
            configMap(name, maps.get(name));
        }

        assertThatThrownBy(() -> new TrustReader(API.client()).read(new Authorities("apps", List.of(name))))
                .isInstanceOf(TrustReader.NoTrustException.class)
                .hasMessage(sentence);
    }
}
