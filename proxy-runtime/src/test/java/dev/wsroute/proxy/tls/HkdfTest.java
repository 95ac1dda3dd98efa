// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The test vectors of RFC 5869, appendix A, with SHA-256 and a salt. */
class HkdfTest {

    @ParameterizedTest
    @CsvSource({
        "22, 0b, 0, 13, 000102030405060708090a0b0c, 10, f0f1f2f3f4f5f6f7f8f9,"
                + " 3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
        "80, 00, 1, 80, 60, 80, b0,"
                + " b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
                + "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71"
                + "cc30c58179ec3e87c14c01d5c1f3434f1d87"
    })
    void derivesWhatTheRfcSays(
            int keyLength,
            String key,
            int step,
            int saltLength,
            String salt,
            int infoLength,
            String info,
            String expected) {
        byte[] output = Hkdf.derive(
                filled(salt, saltLength, 1),
                filled(key, keyLength, step),
                filled(info, infoLength, 1),
                expected.length() / 2);

        assertThat(output).isEqualTo(HexFormat.of().parseHex(expected));
    }

    /** These bytes, or {@code length} bytes from the given one on, {@code step} apart. */
    private static byte[] filled(String hex, int length, int step) {
        byte[] given = HexFormat.of().parseHex(hex);
        if (given.length == length) {
            return given;
        }
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (given[0] + i * step);
        }
        return bytes;
    }

    @Test
    void refusesMoreThan255Blocks() {
        byte[] any = {1};
        assertThat(Hkdf.derive(any, any, any, 255 * 32)).hasSize(255 * 32);
        assertThatIllegalArgumentException().isThrownBy(() -> Hkdf.derive(any, any, any, 255 * 32 + 1));
    }
}
