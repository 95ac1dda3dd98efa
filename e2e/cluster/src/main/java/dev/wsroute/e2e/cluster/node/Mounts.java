// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.node;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

/**
 * Replaces a container's mount paths by directories of the host. A process has no mount namespace, so the paths are
 * replaced in the pod's spec: at the start of an argument or environment value, or after an equals sign.
 */
final class Mounts {

    private final Map<String, Path> byPath =
            new TreeMap<>(Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder()));

    void add(String mountPath, Path directory) {
        byPath.put(
                mountPath.length() > 1 && mountPath.endsWith("/")
                        ? mountPath.substring(0, mountPath.length() - 1)
                        : mountPath,
                directory);
    }

    String translate(String text) {
        int equals = text.indexOf('=');
        String translated = translatePath(text);
        return equals < 0 || !translated.equals(text)
                ? translated
                : text.substring(0, equals + 1) + translatePath(text.substring(equals + 1));
    }

    private String translatePath(String text) {
        for (Map.Entry<String, Path> mount : byPath.entrySet()) {
            String path = mount.getKey();
            if (text.equals(path) || text.startsWith(path + "/")) {
                return mount.getValue() + text.substring(path.length());
            }
        }
        return text;
    }
}
