// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.clientaddress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressSetTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.0.1, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "10.1.2.3/8, 10.9.9.9, true",
        "192.0.2.1, 192.0.2.1, true",
        "192.0.2.1, 192.0.2.2, false",
        "192.0.2.128/25, 192.0.2.127, false",
        "192.0.2.128/25, 192.0.2.128, true",
        "255.255.255.255/32, 255.255.255.255, true",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, 2001:db8::1, false",
        "::/0, 2001:db8::1, true",
        "::/0, 203.0.113.9, false",
        "2001:db8::/32, 2001:db8:ffff::1, true",
        "2001:db8::/32, 2001:db9::, false",
        "2001:db8::/64, 2001:db8::ffff:0:0:1, true",
        "2001:db8::/64, 2001:db8:0:1::, false",
        "2001:db8::8000:0:0:0/65, 2001:db8::7fff:0:0:0, false",
        "2001:db8::8000:0:0:0/65, 2001:db8::8000:0:0:1, true",
        "2001:db8::1, 2001:db8::1, true",
        "2001:db8::1, 2001:db8::2, false",
        "10.0.0.0/8, ::ffff:10.0.0.1, true",
        "::1, 127.0.0.1, false"
    })
    void aRangeCoversWhatAgreesInItsFirstBits(String range, String address, boolean covered) throws Exception {
        AddressSet set = AddressSet.of(List.of("198.51.100.7", range, "fe80::1"));

        assertThat(set.contains(InetAddress.getByName(address))).isEqualTo(covered);
    }

    @Test
    void anEmptySetContainsNoAddress() throws Exception {
        assertThat(AddressSet.of(List.of()).contains(InetAddress.getByName("127.0.0.1")))
                .isFalse();
    }

    @Test
    void whatIsNoRangeIsRefused() {
        assertThatThrownBy(() -> AddressSet.of(List.of("localhost"))).hasMessageContaining("localhost");
    }
}
