// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.kube;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Small files with credentials or certificates. */
final class CredentialFile {

    private static final int MAX_BYTES = 4 * 1024 * 1024;

    private CredentialFile() {}

    /** @throws IOException with one sentence that names the file */
    static byte[] read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new IOException("it is longer than " + MAX_BYTES + " bytes");
            }
            return bytes;
        } catch (NoSuchFileException e) {
            throw new IOException("The file " + file + " does not exist", e);
        } catch (IOException e) {
            throw new IOException("Cannot read the file " + file + ": " + e.getMessage(), e);
        }
    }
}
