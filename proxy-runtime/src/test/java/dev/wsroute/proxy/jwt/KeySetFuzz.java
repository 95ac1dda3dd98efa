// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.jwt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.keys.KeySet;
import dev.wsroute.keys.KeySetException;
import java.util.List;

/** Whatever claims to be a key set, it is read, or refused with a short sentence that does not quote it. Keys that were read can be used. */
public final class KeySetFuzz {

    private static final int LONGEST_SENTENCE = 200;

    private KeySetFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) throws Exception {
        try {
            KeySet set = KeySet.parse(data);
            assertThat(set.keys().size()).isLessThanOrEqualTo(KeySet.MAX_KEYS);
            assertThat(set).isEqualTo(KeySet.parse(data));
            assertThat(set.toString()).matches("\\d+ public key\\(s\\)");
            assertThat(KeyRing.of(List.of(set)).isEmpty()).isEqualTo(set.keys().isEmpty());
        } catch (KeySetException e) {
            assertThat(e.sentence()).hasSizeLessThan(LONGEST_SENTENCE).matches("[ -~]+");
        }
    }
}
