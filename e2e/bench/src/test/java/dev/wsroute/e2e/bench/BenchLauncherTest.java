// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BenchLauncherTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "measure",
                "proxies --bogus",
                "proxies --rounds 0",
                "proxies --seconds 0",
                "proxies --warm-ups -1",
                "proxies --connections 0",
                "proxies --proxies squid",
                "proxies --scenarios dreams",
                "control --bogus",
                "control --parts all",
                "control --routes 0",
                "training",
                "training http 5",
                "training 70000 5",
                "training 8080 0"
            })
    void badFlagsExitWith2AndUsage(String arguments) {
        StringWriter said = new StringWriter();

        int code = BenchLauncher.commandLine().setErr(new PrintWriter(said)).execute(arguments.split(" "));

        assertThat(code).isEqualTo(2);
        assertThat(said.toString()).contains("Usage: ").doesNotContain("Exception");
    }
}
