// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.clientaddress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.ClientAddressConfig.ForwardingHeaders;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetAddress;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForwardingReaderTest {

    private static final AddressSet TRUSTED = AddressSet.of(List.of("10.0.0.0/8"));
    private static final String CLIENTS = "\"\\,;=[]:for_ a1.";

    /** RFC 7239 §8.1: a client cannot override the elements that later proxies add. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "for=203.0.113.7;proto=https;host=www.example.com",
                "for=\"203.0.113.7:4711\";host=\"www.example.com\";by=\"_a,\\\"\\\\\";proto=https",
                "by=_\\;for=1, for=203.0.113.7;proto=https;host=www.example.com",
                "for=203.0.113.7;proto=https;host=www.example.com, for=10.0.0.1;proto=http;by=\"[fd00::1]\""
            })
    void noPrefixOfAClientChangesWhatProxiesBehindItSay(String added) throws Exception {
        Random random = new Random(added.hashCode());
        for (int i = 0; i < 5_000; i++) {
            StringBuilder written = new StringBuilder();
            random.ints(random.nextInt(40), 0, CLIENTS.length()).forEach(c -> written.append(CLIENTS.charAt(c)));

            for (Forwarding told : List.of(read(written + ", " + added), read(written.toString(), added))) {
                assertThat(told.client()).as(written.toString()).isEqualTo(InetAddress.getByName("203.0.113.7"));
                assertThat(told.proto()).isEqualTo("https");
                assertThat(told.host()).isEqualTo("www.example.com");
                assertThat(told.elements())
                        .startsWith("for=")
                        .satisfies(kept -> assertThat(added).endsWith(kept));
            }
        }
    }

    @Test
    @Timeout(60)
    void parsingTimeIsLinearInTheLengthOfTheHeader() {
        assertThat(read("for=\"" + "\\\"".repeat(500_000) + "\"").client()).isNull();
        assertThat(read("for=\"" + "\\".repeat(1_000_000)).client()).isNull();
        assertThat(read("for=10.0.0.1,".repeat(100_000)).client()).hasToString("/10.0.0.1");
        assertThat(read("\"".repeat(1_000_001)).client()).isNull();
        assertThat(read(";".repeat(1_000_000) + "x").client()).isNull();
    }

    private static Forwarding read(String... lines) {
        HttpHeaders headers =
                DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
        for (String line : lines) {
            headers.add("Forwarded", line);
        }
        return ForwardingReader.read(headers, TRUSTED, ForwardingHeaders.XForwarded);
    }
}
