// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.node;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The programs that replace container images.
 *
 * @param programs the command line of each image's entry point, by image name
 */
public record ImageTable(Map<String, List<String>> programs) {

    public ImageTable {
        programs = Map.copyOf(programs);
    }

    Optional<List<String>> program(String image) {
        return Optional.ofNullable(programs.get(image));
    }
}
