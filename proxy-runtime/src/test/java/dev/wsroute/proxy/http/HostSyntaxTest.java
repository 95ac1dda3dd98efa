package dev.wsroute.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HostSyntaxTest {

    @ParameterizedTest
    @MethodSource("hosts")
    void isAHost(String text) {
        assertThat(RequestCheck.isHost(text)).isTrue();
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
        assertThat(RequestCheck.isHost(text)).isFalse();
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
}
