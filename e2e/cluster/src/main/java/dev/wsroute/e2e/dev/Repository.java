// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.dev;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The checkout that this program was built in, where it finds the other programs and the manifests.
 *
 * @param root the folder with the modules
 */
public record Repository(Path root) {

    /**
     * The checkout around the classes or the jar of this program.
     *
     * @throws IllegalStateException if they are outside a checkout
     */
    public static Repository locate() {
        Path here = codeSource();
        for (Path folder = here; folder != null; folder = folder.getParent()) {
            if (Files.isDirectory(folder.resolve("crds")) && Files.isDirectory(folder.resolve("proxy-runtime"))) {
                return new Repository(folder);
            }
        }
        throw new IllegalStateException("this program does not run from a checkout of wsroute: " + here);
    }

    /**
     * A file or folder of the checkout.
     *
     * @throws IllegalStateException if it does not exist
     */
    public Path get(String relative) {
        Path path = root.resolve(relative);
        if (!Files.exists(path)) {
            throw new IllegalStateException(
                    relative + " is missing in " + root + (relative.contains("/target/") ? ": build it first" : ""));
        }
        return path;
    }

    private static Path codeSource() {
        try {
            return Path.of(Repository.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("this program does not run from a file", e);
        }
    }
}
