// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A proxy whose endpoints and certificates change while it runs, in the way that its operators would choose. */
interface Churned extends Contender {

    /** Adds the spare endpoint to a running proxy, or removes it. */
    void change(RunningProxy proxy, boolean spare) throws IOException, InterruptedException;

    /** Makes a running proxy load a certificate whose files have been replaced. */
    void renew(RunningProxy proxy, Identity identity) throws IOException, InterruptedException;

    /** Number of endpoint changes that it has applied since its start, as it reports. */
    long taken(RunningProxy proxy) throws IOException, InterruptedException;

    /** Replaces the content of a file atomically. */
    static void replace(Path file, String text) throws IOException {
        Path next = Files.writeString(file.resolveSibling(file.getFileName() + ".next"), text, UTF_8);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
