// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompressedJsonTest {

    private final CompressedJson json = new CompressedJson();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, 8 * 1024 - 4, 8 * 1024, 40_000, 1_000_000})
    void documentsOfAnyLengthAreRestored(int length) {
        byte[] first = noise(length);
        byte[] second = noise(length / 2 + 1);

        byte[] packedFirst = json.pack(first);
        byte[] packedSecond = json.pack(second);

        assertThat(json.unpack(packedFirst)).isEqualTo(first);
        assertThat(json.unpack(packedSecond)).isEqualTo(second);
    }

    @Test
    void similarDocumentsTakeLittleMoreThanTheirDifferences() {
        json.pack(document(1));

        assertThat(json.pack(document(2))).hasSizeLessThan(document(2).length / 20);
    }

    private static byte[] document(int number) {
        StringBuilder text = new StringBuilder("{");
        Random random = new Random(1);
        for (int field = 0; field < 100; field++) {
            text.append("\"field")
                    .append(random.nextInt())
                    .append("\":\"")
                    .append(random.nextInt())
                    .append("\",");
        }
        return text.append("\"number\":").append(number).append('}').toString().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] noise(int length) {
        byte[] noise = new byte[length];
        new Random(length).nextBytes(noise);
        return noise;
    }
}
