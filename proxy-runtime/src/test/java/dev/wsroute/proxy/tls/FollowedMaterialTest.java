// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FollowedMaterialTest {

    private static final MaterialParser<String> PARSER = MaterialParser.of("text", "text", (key, value) -> {
        String text = new String(value, StandardCharsets.UTF_8);
        return text.substring(text.indexOf(':'));
    });

    @Test
    void dataOnWhichAReaderFailsUnexpectedlyIsAFaultAndTheLastGoodOneStays() {
        FollowedMaterial<String> material = following(KeptMaterial.NONE);
        material.offer(data("a:b"));

        material.offer(data("malformed"));

        assertThat(material.fault()).isEqualTo("It cannot be read");
        assertThat(material.good()).isEqualTo(":b");
    }

    @Test
    void keptDataOnWhichAReaderFailsUnexpectedlyIsIgnored() {
        FollowedMaterial<String> material = following(new KeptMaterial() {
            @Override
            public @Nullable Map<String, byte[]> load(String source) {
                return data("malformed");
            }

            @Override
            public void keep(String source, Map<String, byte[]> data) {}

            @Override
            public void retain(Set<String> wanted) {}
        });

        material.start();

        assertThat(material.good()).isNull();
    }

    private static Map<String, byte[]> data(String text) {
        return Map.of("text", text.getBytes(StandardCharsets.UTF_8));
    }

    private static FollowedMaterial<String> following(KeptMaterial kept) {
        MaterialSource silent = new MaterialSource() {
            @Override
            public void start(Sink sink) {}

            @Override
            public void close() {}
        };
        return new FollowedMaterial<>("Secret apps/a", PARSER, Runnable::run, silent, kept, () -> {});
    }
}
