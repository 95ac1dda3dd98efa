// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A certificate with its key, in PEM.
 *
 * @param host its subject alternative name
 * @param both the certificate followed by the key
 */
record Identity(String host, Path certificate, Path key, Path both) {

    private static final String LIST = "list";

    /** Creates this many, each with an ECDSA key on P-256. The first ones always have the same names. */
    static List<Identity> make(Path program, Path folder, int count) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Process process = new ProcessBuilder(program.toString(), folder.toString(), Integer.toString(count))
                .inheritIO()
                .start();
        if (process.waitFor() != 0) {
            throw new IllegalStateException("no certificates were made: exit status " + process.exitValue());
        }
        List<Identity> made = IntStream.range(0, count)
                .mapToObj(number -> new Identity(
                        "n" + number + ".example.com",
                        folder.resolve(number + ".crt"),
                        folder.resolve(number + ".key"),
                        folder.resolve(number + ".pem")))
                .toList();
        Files.write(
                folder.resolve(LIST),
                made.stream().map(identity -> identity.both().toString()).toList());
        return made;
    }

    /** The file that lists all certificates created together with this one. */
    Path list() {
        return both.resolveSibling(LIST);
    }

    /** Replaces its files by those of another, each atomically. */
    void replaceBy(Identity other) throws IOException {
        Churned.replace(certificate, Files.readString(other.certificate));
        Churned.replace(key, Files.readString(other.key));
        Churned.replace(both, Files.readString(other.both));
    }
}
