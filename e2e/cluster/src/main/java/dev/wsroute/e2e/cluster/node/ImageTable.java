// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.node;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The programs that stand for container images.
 *
 * @param programs by image name, the words of the command line that an image's entry point is
 */
public record ImageTable(Map<String, List<String>> programs) {

    public ImageTable {
        programs = Map.copyOf(programs);
    }

    Optional<List<String>> program(String image) {
        return Optional.ofNullable(programs.get(image));
    }
}
