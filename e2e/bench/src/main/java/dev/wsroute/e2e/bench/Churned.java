// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A proxy whose endpoints and certificates change while it runs, in the way that those who operate it would choose. */
interface Churned extends Contender {

    /** Tells a running one that there is a spare endpoint beside the first one, or that there no longer is. */
    void change(RunningProxy proxy, boolean spare) throws IOException, InterruptedException;

    /** Tells a running one that the files of a certificate have been replaced. */
    void renew(RunningProxy proxy, Identity identity) throws IOException, InterruptedException;

    /** How many changes of endpoints it has taken since it started, by its own words. */
    long taken(RunningProxy proxy) throws IOException, InterruptedException;

    /** Replaces the content of a file atomically, so that nobody reads half of it. */
    static void replace(Path file, String text) throws IOException {
        Path next = Files.writeString(file.resolveSibling(file.getFileName() + ".next"), text, UTF_8);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
