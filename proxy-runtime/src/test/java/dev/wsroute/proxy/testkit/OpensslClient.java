// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.wsroute.proxy.testkit.TestAuthority.Issued;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code openssl s_client}. */
public final class OpensslClient {

    private OpensslClient() {}

    /** Skips the test if openssl is not installed; on CI the test then fails. */
    public static void assumeInstalled() throws InterruptedException {
        assumeTrue(System.getenv("CI") != null || isInstalled(), "openssl is not installed");
    }

    private static boolean isInstalled() throws InterruptedException {
        try {
            return new ProcessBuilder("openssl", "version").start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Sends this and returns everything that openssl prints until the server closes the connection. */
    public static String run(TestProxy proxy, String input, List<String> options) throws Exception {
        List<String> command = new ArrayList<>(List.of("openssl", "s_client", "-ign_eof"));
        command.addAll(List.of("-connect", "127.0.0.1:" + proxy.address().getPort()));
        command.addAll(options);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().write(input.getBytes(StandardCharsets.ISO_8859_1));
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return output;
    }

    /** Options to present a certificate with others as its chain. */
    public static List<String> presenting(Issued issued, List<Issued> chain, Path folder) throws IOException {
        StringBuilder pem = new StringBuilder();
        chain.forEach(each -> pem.append(each.certificatePem()));
        Path file = Files.writeString(Files.createTempFile(folder, "chain", ".crt"), pem);
        List<String> options = new ArrayList<>(presenting(issued, folder));
        options.addAll(List.of("-cert_chain", file.toString()));
        return options;
    }

    /** Options to present a certificate. */
    public static List<String> presenting(Issued issued, Path folder) throws IOException {
        Path own = Files.createTempDirectory(folder, "client");
        Path certificate = Files.writeString(own.resolve("tls.crt"), issued.certificatePem());
        Path key = Files.writeString(own.resolve("tls.key"), issued.keyPem());
        return List.of("-cert", certificate.toString(), "-key", key.toString());
    }
}
