// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.clientaddress;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ForwardedForTest {

    private static final AddressSet TRUSTED = AddressSet.of(List.of("10.0.0.0/8", "fd00::/8"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "203.0.113.7 | 203.0.113.7",
                "6.6.6.6, 203.0.113.7 | 203.0.113.7",
                "203.0.113.7, 10.0.0.1 | 203.0.113.7",
                "203.0.113.7,10.0.0.1 ,  10.0.0.2 | 203.0.113.7",
                "6.6.6.6, 203.0.113.7, fd00::1, 10.0.0.2 | 203.0.113.7",
                "<script>, 203.0.113.7 | 203.0.113.7",
                ",,, 203.0.113.7 | 203.0.113.7",
                "10.0.0.9, 10.0.0.1 | 10.0.0.9",
                "203.0.113.7:4711 | 203.0.113.7",
                "2001:db8::7 | 2001:db8::7",
                "[2001:db8::7] | 2001:db8::7",
                "[2001:db8::7]:4711 | 2001:db8::7",
                "::ffff:203.0.113.7 | 203.0.113.7"
            })
    void theFirstUntrustedAddressFromTheRightIsTheClient(String chain, String client) throws Exception {
        assertThat(ForwardedFor.client(List.of(chain), TRUSTED)).isEqualTo(InetAddress.getByName(client));
    }

    @Test
    void severalHeadersAreOneChain() throws Exception {
        assertThat(ForwardedFor.client(List.of("6.6.6.6", "203.0.113.7, 10.0.0.1", "10.0.0.2"), TRUSTED))
                .isEqualTo(InetAddress.getByName("203.0.113.7"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ",",
                "203.0.113.7,",
                "203.0.113.7, junk, 10.0.0.1",
                "unknown",
                "_hidden",
                "localhost",
                "example.com",
                "1.2.3",
                "1.2.3.4.5",
                "256.1.1.1",
                "0x7f000001",
                "203.0.113.7:",
                "203.0.113.7:port",
                "203.0.113.7:123456",
                "[2001:db8::7",
                "[2001:db8::7]x",
                "2001:db8::7::1",
                "fe80::1%eth0",
                "203.0.113.7 203.0.113.8"
            })
    void aMalformedAddressNamesNoClient(String chain) {
        assertThat(ForwardedFor.client(List.of(chain), TRUSTED)).isNull();
    }

    @Test
    void withoutTheHeaderNoClientIsNamed() {
        assertThat(ForwardedFor.client(List.of(), TRUSTED)).isNull();
    }
}
