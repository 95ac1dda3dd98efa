// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.headers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestFactsTest {

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "/ws?v=2, 2",
                "/ws?a=1&v=2&v=3, 2",
                "/ws?v=a%20b, a b",
                "/ws?%76=2, 2",
                "/ws?v, ''",
                "/ws?v=, ''",
                "/ws?v=%zz, %zz",
                "/ws?vv=2, -",
                "/ws?a=v&b, -",
                "/ws?, -",
                "/ws, -",
                "/ws?a=b=c&v=d=e, d=e",
                "/ws?&&v=2&, 2",
                "/ws?a+b=1&v=2, 2",
                "/ws?v%20=1&v=a+b, a b",
                "/ws?=1, -"
            })
    void aQueryParameterIsFoundByItsDecodedName(String target, String value) {
        assertThat(RequestQuery.param(target, "v")).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "c=1, 1",
                "a=2; c=1, 1",
                "a=2;c=1;c=3, 1",
                "c=\"1\", 1",
                "c=, ''",
                "cc=1, -",
                "C=1, -",
                "a=c=1, -",
                "c, -",
                "'', -"
            })
    void aCookieIsFoundByItsName(String header, String value) {
        assertThat(RequestCookies.value(List.of(header), "c")).isEqualTo(value);
    }

    @Test
    void cookiesMayBeSpreadOverHeaders() {
        assertThat(RequestCookies.value(List.of("a=1", "c=2"), "c")).isEqualTo("2");
    }

    @Test
    @Timeout(60)
    void aLongQueryAndALongCookieTakeNoLongerThanTheyAreLong() {
        String query = "/ws?" + "a&".repeat(500_000) + "b=";
        List<String> cookies = List.of("a;".repeat(500_000) + "b=");

        assertThat(RequestQuery.param(query, "v")).isNull();
        assertThat(RequestCookies.value(cookies, "c")).isNull();
    }
}
