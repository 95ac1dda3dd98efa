// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.material;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.state.LastCertificates;
import dev.wsroute.proxy.state.StateDir;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FollowedMaterialTest {

    private static final MaterialParser<String> PARSER = MaterialParser.of("text", "text", (key, value) -> {
        String text = new String(value, StandardCharsets.UTF_8);
        return text.substring(text.indexOf(':'));
    });

    @TempDir
    Path folder;

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

    @Test
    void onlyWhatIsUsedIsStored() throws Exception {
        FollowedMaterial<String> material = following(new LastCertificates(new StateDir(folder), Runnable::run));

        material.offer(Map.of("text", "a:b".getBytes(StandardCharsets.UTF_8), "tls.key", new byte[] {1}));

        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files)
                    .singleElement()
                    .satisfies(file -> assertThat(file)
                            .hasContent("text="
                                    + Base64.getEncoder().encodeToString("a:b".getBytes(StandardCharsets.UTF_8))));
        }
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
