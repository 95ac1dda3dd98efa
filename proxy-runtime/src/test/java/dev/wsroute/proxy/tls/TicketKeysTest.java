// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wsroute.proxy.material.MaterialException;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TicketKeysTest {

    private static final byte[] SCOPE = new byte[32];

    private static String key(int value) {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) value);
        return Base64.getEncoder().encodeToString(key);
    }

    private static TicketKeys keys(int... values) throws MaterialException {
        return parse(IntStream.of(values).mapToObj(TicketKeysTest::key).collect(Collectors.joining("\n")));
    }

    private static TicketKeys parse(String text) throws MaterialException {
        return TicketKeys.parse("ticket.keys", TlsFixture.bytes(text));
    }

    private static List<List<Byte>> names(TicketKeys keys, byte[] scope) {
        return Arrays.stream(keys.derive(scope))
                .map(OpenSslSessionTicketKey::name)
                .map(name ->
                        IntStream.range(0, name.length).mapToObj(i -> name[i]).toList())
                .toList();
    }

    @Test
    void theLastButOneEncryptsAndTheNewestOfTheOthersIsTriedFirst() throws Exception {
        assertThat(names(keys(1, 2, 3, 4), SCOPE))
                .containsExactly(
                        names(keys(3), SCOPE).get(0),
                        names(keys(4), SCOPE).get(0),
                        names(keys(2), SCOPE).get(0),
                        names(keys(1), SCOPE).get(0));
        assertThat(names(keys(1, 2), SCOPE).get(0))
                .isEqualTo(names(keys(1), SCOPE).get(0));
    }

    @Test
    void anotherScopeHasOtherKeys() throws Exception {
        byte[] other = SCOPE.clone();
        other[31] = 1;

        assertThat(names(keys(1, 2, 3), other)).doesNotContainAnyElementsOf(names(keys(1, 2, 3), SCOPE));
    }

    @Test
    void theThreePartsOfADerivedKeyDiffer() throws Exception {
        OpenSslSessionTicketKey key = keys(1).derive(SCOPE)[0];

        assertThat(key.name()).hasSize(16).isNotEqualTo(key.hmacKey());
        assertThat(key.hmacKey()).hasSize(16).isNotEqualTo(key.aesKey());
        assertThat(key.aesKey()).hasSize(16).isNotEqualTo(key.name());
    }

    @Test
    void aRotationKeepsThreeAndEncryptsWithTheOneThatWasNext() throws Exception {
        TicketKeys before = keys(1, 2, 3);

        TicketKeys after = before.rotated();

        assertThat(names(after, SCOPE)).hasSize(3);
        assertThat(names(after, SCOPE).get(0)).isEqualTo(names(keys(3), SCOPE).get(0));
        assertThat(names(after, SCOPE).get(2)).isEqualTo(names(keys(2), SCOPE).get(0));
        assertThat(after).isNotEqualTo(before.rotated());
    }

    @Test
    void emptyLinesAndLineEndsOfWindowsDoNotMatter() throws Exception {
        assertThat(parse("\r\n" + key(1) + "\r\n\r\n" + key(2) + "\r\n")).isEqualTo(keys(1, 2));
    }

    @Test
    void aTextWithoutKeysIsRefused() {
        assertThatThrownBy(() -> parse("\n \n")).hasMessage("ticket.keys holds no session ticket key");
        assertThatThrownBy(() -> parse("\u00fe\u0000")).hasMessage("ticket.keys line 1 is not base64");
    }

    @Test
    void oneBadLineSpoilsAllAndIsNotQuoted() {
        assertThatThrownBy(() -> parse(key(1) + "\nsecret!\n")).hasMessage("ticket.keys line 2 is not base64");
        assertThatThrownBy(() -> parse(key(1) + "\n\n" + key(1)))
                .hasMessage("ticket.keys line 3 repeats an earlier key");
        assertThatThrownBy(() -> parse("c2hvcnQ="))
                .hasMessage("ticket.keys line 1 has 5 bytes; a session ticket key has 32 (openssl rand -base64 32)");
        assertThatThrownBy(() -> keys(IntStream.rangeClosed(1, 17).toArray()))
                .hasMessage("ticket.keys holds more than 16 session ticket keys");
    }

    @Test
    void toStringRevealsNothing() throws Exception {
        assertThat(keys(1, 2, 3)).hasToString("3 session ticket key(s)");
    }
}
