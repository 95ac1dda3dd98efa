// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.codec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class HostSyntaxTest {

    @ParameterizedTest
    @MethodSource("hosts")
    void isAHost(String text) {
        assertThat(HostSyntax.isHost(text)).isTrue();
    }

    static String[] hosts() {
        return new String[] {
            "",
            "chat.example.com",
            "CHAT.example.com:443",
            "127.0.0.1:65535",
            "localhost:",
            ":80",
            "a_b~c%41!$&'()*+;=",
            "a_b:8080",
            "[::1]",
            "[2001:db8::1]:443",
            "[::ffff:10.0.0.1]:80",
            "x".repeat(255),
            "x".repeat(255) + ":80",
        };
    }

    @ParameterizedTest
    @MethodSource("others")
    void isNone(String text) {
        assertThat(HostSyntax.isHost(text)).isFalse();
    }

    static String[] others() {
        return new String[] {
            "chat.example.com:443443",
            "chat.example.com:http",
            "chat.example.com:80:80",
            "chat example.com",
            "chat.example.com/",
            "user@chat.example.com",
            "chat.example.com, evil.example.com",
            "chät.example.com",
            "chat.example.com\0",
            "[::1",
            "::1]",
            "[]",
            "[x]:80",
            "x".repeat(256),
            "x".repeat(256) + ":80",
        };
    }

    @ParameterizedTest
    @CsvSource({
        "example.com, example.com",
        "EXAMPLE.com, example.com",
        "example.com:80, example.com",
        "example.com., example.com",
        "Example.Com.:443, example.com",
        "example.com.., example.com.",
        "a:, a",
        "[2001:DB8::1]:443, [2001:db8::1]",
        "[::1], [::1]",
        "., .",
        "'', ''",
        ":80, ''"
    })
    void theNameIsInLowerCaseWithoutPortAndWithoutTheRootsDot(String host, String name) {
        assertThat(HostSyntax.name(host)).isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource({"a, -1", "a:, -1", "a:80, 80", "a.:443, 443", "[::1], -1", "[::1]:8080, 8080", "a:99999, 99999"})
    void thePortIsWhatIsWritten(String host, int port) {
        assertThat(HostSyntax.port(host, -1)).isEqualTo(port);
    }
}
