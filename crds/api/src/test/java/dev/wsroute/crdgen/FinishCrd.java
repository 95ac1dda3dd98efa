// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.crdgen;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * The build step: completes the generated CRD, puts it on the class path, and compares it with the committed files.
 *
 * <p>Arguments: the generated file, the overlay, the {@link AllowedRules}, the completed file, the mode, the reference page, the
 * JSON Schema of the proxy's document, and the committed CRDs. Modes:
 * {@code check} compares, {@code write} replaces them by a compatible CRD, {@code break} by any.
 */
public final class FinishCrd {

    private static final String HEADER =
            "# Generated from the types in dev.wsroute.api by `make crds`. Edits here are overwritten.\n";

    private static final ObjectMapper YAML = new ObjectMapper(YAMLFactory.builder()
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .disable(YAMLGenerator.Feature.SPLIT_LINES)
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .build());

    private static final ObjectMapper JSON = new ObjectMapper();

    private FinishCrd() {}

    /**
     * @throws IllegalStateException if the committed CRD differs from the generated one, or would be replaced by an
     *     incompatible one
     */
    public static void main(String[] args) throws IOException {
        ObjectNode generated = read(Path.of(args[0]));
        ObjectNode overlay = read(Path.of(args[1]));
        AllowedRules rules = AllowedRules.read(Path.of(args[2]));
        Path finished = Path.of(args[3]);
        String mode = args[4];

        ObjectNode crd = new CrdFinisher(new SchemaOverlay(overlay)).finish(generated);
        String text = HEADER + YAML.writeValueAsString(crd);
        Files.createDirectories(finished.getParent());
        Files.writeString(finished, text);
        generate(Path.of(args[5]).normalize(), ReferencePage.of(crd), mode);
        generate(
                Path.of(args[6]).normalize(),
                JSON.writerWithDefaultPrettyPrinter().writeValueAsString(DocumentSchema.of(schema(crd))) + "\n",
                mode);
        for (String file : Arrays.asList(args).subList(7, args.length)) {
            Path committed = Path.of(file).normalize();
            if (mode.equals("check")) {
                check(committed, text);
            } else {
                if (mode.equals("write")) {
                    refuseBreaks(committed, crd, rules);
                }
                Files.writeString(committed, text);
            }
        }
    }

    private static void generate(Path committed, String text, String mode) throws IOException {
        if (mode.equals("check")) {
            check(committed, text);
        } else {
            Files.writeString(committed, text);
        }
    }

    private static void check(Path committed, String text) throws IOException {
        if (!Files.exists(committed) || !Files.readString(committed).equals(text)) {
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
                    "routes that are stored would be refused or changed: "
                            + String.join("; ", breaks) + ". A rule that refuses no stored route belongs in"
                            + " crd-allowed-rules.yaml. Otherwise use `make crds BREAK=true` if that is meant, and say so in CHANGELOG.md");
        }
    }

    private static ObjectNode schema(ObjectNode crd) {
        return (ObjectNode) crd.at("/spec/versions/0/schema/openAPIV3Schema");
    }

    static ObjectNode read(Path file) throws IOException {
        return (ObjectNode) YAML.readTree(file.toFile());
    }
}
