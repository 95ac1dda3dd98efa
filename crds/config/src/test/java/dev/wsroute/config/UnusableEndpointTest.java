// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnusableEndpointTest {

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, LOOPBACK",
        "127.255.1.2, LOOPBACK",
        "::1, LOOPBACK",
        "0:0:0:0:0:0:0:1, LOOPBACK",
        "::ffff:127.0.0.1, LOOPBACK",
        "::127.0.0.1, LOOPBACK",
        "64:ff9b::7f00:1, LOOPBACK",
        "2002:7f00:1::, LOOPBACK",
        "0.0.0.0, UNSPECIFIED",
        "0.1.2.3, UNSPECIFIED",
        "::, UNSPECIFIED",
        "169.254.169.254, LINK_LOCAL",
        "::ffff:a9fe:a9fe, LINK_LOCAL",
        "64:ff9b::169.254.169.254, LINK_LOCAL",
        "fe80::1, LINK_LOCAL",
        "febf::1, LINK_LOCAL",
        "fd00:ec2::254, LINK_LOCAL",
        "224.0.0.1, MULTICAST",
        "239.255.255.255, MULTICAST",
        "ff02::1, MULTICAST",
        "240.0.0.1, RESERVED",
        "255.255.255.255, RESERVED",
        "example.internal, NONE",
        "1.2.3, NONE",
        "1.2.3.4.5, NONE",
        "1.2.3.256, NONE",
        "2130706433, NONE",
        "0x7f.0.0.1, NONE",
        "127.000.000.001, NONE",
        "fe80::1%eth0, NONE",
        "1::2::3, NONE",
        "'', NONE"
    })
    void isNoneToConnectTo(String address, UnusableEndpoint fault) {
        assertThat(UnusableEndpoint.of("IPv4", address, false)).isEqualTo(fault);
        assertThat(UnusableEndpoint.of(null, address, true))
                .isEqualTo(fault == UnusableEndpoint.LOOPBACK ? null : fault);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.1",
                "172.16.0.1",
                "192.168.1.1",
                "100.64.0.1",
                "1.1.1.1",
                "169.253.1.1",
                "fd00::1",
                "fd00:ec3::1",
                "2001:db8::1",
                "::ffff:10.0.0.1",
                "64:ff9b::a00:1",
                "2002:a00:1::"
            })
    void isOneToConnectTo(String address) {
        assertThat(UnusableEndpoint.of("IPv6", address, false)).isNull();
    }

    @Test
    void aSliceOfHostNamesHasNoneWhateverTheyLookLike() {
        assertThat(UnusableEndpoint.of("FQDN", "10.0.0.1", true)).isEqualTo(UnusableEndpoint.FQDN);
        assertThat(UnusableEndpoint.of("IPv4", null, true)).isEqualTo(UnusableEndpoint.NONE);
    }
}
