// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.codec;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommonNamesTest {

    @ParameterizedTest
    @ValueSource(strings = {"Host", "Sec-WebSocket-Key", "Sec-WebSocket-Version", "Upgrade", "Connection", "Date"})
    void aCommonNameIsNoNewObject(String name) {
        byte[] line = ("?" + name + ": x").getBytes(US_ASCII);

        assertThat((Object) CommonNames.find(line, 1, 1 + name.length()))
                .hasToString(name)
                .isSameAs(CommonNames.find(name.getBytes(US_ASCII), 0, name.length()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"host", "Hosu", "HOST", "Sec-WebSocket-Kez", "X", "X-Other", "Hos", "Hostt"})
    void anotherNameOrSpellingIsNotReplaced(String name) {
        assertThat((Object) CommonNames.find(name.getBytes(US_ASCII), 0, name.length()))
                .isNull();
    }
}
