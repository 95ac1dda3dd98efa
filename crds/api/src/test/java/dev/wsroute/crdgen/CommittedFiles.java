// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.crdgen;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The generated files in the repository. With mode {@code check}, they are compared; {@code write} replaces them, CRDs by
 * compatible ones only; {@code break} in any case.
 */
final class CommittedFiles {

    private static final String HEADER =
            "# Generated from the types in dev.wsroute.api by `make crds`. Edits here are overwritten.\n";

    private static final ObjectMapper YAML = new ObjectMapper(YAMLFactory.builder()
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .disable(YAMLGenerator.Feature.SPLIT_LINES)
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .build());

    private final String mode;

    CommittedFiles(String mode) {
        this.mode = mode;
    }

    static ObjectNode read(Path file) throws IOException {
        return (ObjectNode) YAML.readTree(file.toFile());
    }

    static ObjectNode schema(ObjectNode crd) {
        return (ObjectNode) crd.at("/spec/versions/0/schema/openAPIV3Schema");
    }

    /**
     * Writes the CRD to {@code finished}, and compares or replaces the copies called {@code name} in the folders.
     *
     * @throws IllegalStateException if a copy differs, or an incompatible CRD would replace it
     */
    void crd(ObjectNode crd, Path finished, AllowedRules rules, String name, Path... folders) throws IOException {
        String text = HEADER + YAML.writeValueAsString(crd);
        Files.createDirectories(finished.getParent());
        Files.writeString(finished, text);
        for (Path folder : folders) {
            Path committed = folder.resolve(name).normalize();
            if (mode.equals("write")) {
                refuseBreaks(committed, crd, rules);
            }
            text(committed, text);
        }
    }

    /** @throws IllegalStateException if the file is to be compared, and differs */
    void text(Path file, String text) throws IOException {
        Path committed = file.normalize();
        if (!mode.equals("check")) {
            Files.writeString(committed, text);
        } else if (!Files.exists(committed) || !Files.readString(committed).equals(text)) {
            throw new IllegalStateException(
                    committed
                            + " is not what the types in dev.wsroute.api and dev.wsroute.config generate: run `make crds` and commit the result");
        }
    }

    private static void refuseBreaks(Path committed, ObjectNode crd, AllowedRules allowed) throws IOException {
        if (!Files.exists(committed)) {
            return;
        }
        List<String> breaks = CrdCompatibility.breaks(schema(read(committed)), schema(crd), allowed);
        if (!breaks.isEmpty()) {
            throw new IllegalStateException(
                    committed.getFileName() + ": objects that are stored would be refused or changed: "
                            + String.join("; ", breaks) + ". A rule that refuses no stored object belongs in"
                            + " crd-allowed-rules.yaml. Otherwise use `make crds BREAK=true` if that is meant, and say so in CHANGELOG.md");
        }
    }
}
