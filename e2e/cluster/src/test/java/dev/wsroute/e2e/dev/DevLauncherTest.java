// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.dev;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DevLauncherTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "walk",
                "run --bogus",
                "run --kubeconfig",
                "demo --bogus",
                "client",
                "client nowhere",
                "client http://127.0.0.1/"
            })
    void badFlagsExitWith2AndUsage(String arguments) {
        StringWriter said = new StringWriter();

        int code = DevLauncher.commandLine().setErr(new PrintWriter(said)).execute(arguments.split(" "));

        assertThat(code).isEqualTo(2);
        assertThat(said.toString()).contains("Usage: ").doesNotContain("Exception");
    }
}
