// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.echo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EchoSettingsTest {

    @Test
    void everythingHasADefault() {
        assertThat(EchoSettings.of(new String[0], Map.of()))
                .isEqualTo(new EchoSettings("0.0.0.0", 8010, "echo", OnSigterm.DRAIN));
    }

    @ParameterizedTest
    @CsvSource({
        "PORT, http, PORT must be between 0 and 65535",
        "PORT, 65536, PORT must be between 0 and 65535",
        "PORT, -1, PORT must be between 0 and 65535",
        "ON_SIGTERM, wait, ON_SIGTERM has to be one of",
    })
    void aBadValueIsNamed(String variable, String value, String sentence) {
        assertThatThrownBy(() -> EchoSettings.of(new String[0], Map.of(variable, value)))
                .hasMessageStartingWith(sentence)
                .hasMessageContaining("'" + value + "'");
    }

    @Test
    void aFlagExitsWith2AndUsage() throws IOException, InterruptedException {
        Process program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        EchoServer.class.getName(),
                        "--port=80")
                .redirectErrorStream(true)
                .start();
        try (InputStream output = program.getInputStream()) {
            String said = new String(output.readAllBytes(), StandardCharsets.UTF_8);

            assertThat(program.waitFor()).isEqualTo(2);
            assertThat(said)
                    .startsWith("echo: there are no flags, got '--port=80'\nUsage: ")
                    .contains("ON_SIGTERM");
        }
    }
}
