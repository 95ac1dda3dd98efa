// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.compile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JwksUriTest {

    @ParameterizedTest
    @CsvSource({
        "https://id.example.com, id.example.com, 443, /",
        "https://ID.Example.COM/Keys, id.example.com, 443, /Keys",
        "https://id.example.com:8443/a/b?c=d&e=%20, id.example.com, 8443, /a/b?c=d&e=%20",
        "https://id.example.com?v=1, id.example.com, 443, /?v=1",
        "https://localhost/, localhost, 443, /",
        "https://xn--bcher-kva.example/, xn--bcher-kva.example, 443, /",
        "https://a.b:65535/, a.b, 65535, /",
        "https://127.0.0.1.nip.io/, 127.0.0.1.nip.io, 443, /",
    })
    void readsHostPortAndTarget(String text, String host, int port, String target) {
        assertThat(JwksUri.of(text)).contains(new JwksUri(host, port, target));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "http://id.example.com/",
                "HTTPS://id.example.com/",
                "file:///etc/passwd",
                "https:///keys",
                "https://user@id.example.com/",
                "https://user:password@id.example.com/",
                "https://id.example.com@10.0.0.1/",
                "https://id.example.com/#fragment",
                "https://id.example.com\\@10.0.0.1/",
                "https://id.example.com /",
                "https://id.example.com/ HTTP/1.1\r\nX: y",
                "https://id.example.com/\u0000",
                "https://id.example.com./",
                "https://-id.example.com/",
                "https://id_.example.com/",
                "https://bücher.example/",
                "https://*.example.com/",
                "https://id.example.com:/",
                "https://id.example.com:0/",
                "https://id.example.com:65536/",
                "https://id.example.com:+443/",
                "https://id.example.com:0443/",
                "https://192.0.2.1/",
                "https://[2001:db8::1]/",
                "https://2130706433/",
                "https://0x7f000001/",
                "https://0x7f.1/",
                "https://127.1/",
                "https://0177.0.0.1/",
                "https://256.1.1.1/",
                "https://1.2.3.4.5/",
                "https://[::1/",
                "https://[fe80::1%25eth0]/",
                "https://[1::2::3]/",
                "https://[]/",
                "https:/id.example.com/",
                "https://id.example.com/[",
            })
    void takesNothingElse(String text) {
        assertThat(JwksUri.of(text)).isEmpty();
    }

    @Test
    void takesNoLongHostOrUri() {
        assertThat(JwksUri.of("https://" + "a.".repeat(126) + "a")).isPresent();
        assertThat(JwksUri.of("https://" + "a.".repeat(127) + "a")).isEmpty();
        assertThat(JwksUri.of("https://a/" + "x".repeat(251))).isPresent();
        assertThat(JwksUri.of("https://a/" + "x".repeat(252))).isEmpty();
    }
}
