package dev.wsroute.crdgen;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The build step: finishes the generated CRD, puts it on the class path, and holds it against the committed files.
 *
 * <p>Arguments: the generated file, the overlay, the finished file, {@code check} or {@code write}, and the committed
 * files.
 */
public final class FinishCrd {

    private static final String HEADER =
            "# Generated from the types in dev.wsroute.api; `make crds` writes it anew. Edits here are overwritten.\n";

    private static final ObjectMapper YAML = new ObjectMapper(YAMLFactory.builder()
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .disable(YAMLGenerator.Feature.SPLIT_LINES)
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .build());

    private FinishCrd() {}

    /**
     * @throws IllegalStateException when the committed CRD differs from the generated one
     */
    public static void main(String[] args) throws IOException {
        ObjectNode generated = read(Path.of(args[0]));
        ObjectNode overlay = read(Path.of(args[1]));
        Path finished = Path.of(args[2]);
        boolean write = args[3].equals("write");

        String text = HEADER + YAML.writeValueAsString(new CrdFinisher(new SchemaOverlay(overlay)).finish(generated));
        Files.createDirectories(finished.getParent());
        Files.writeString(finished, text);
        for (String file : Arrays.asList(args).subList(4, args.length)) {
            Path committed = Path.of(file).normalize();
            if (write) {
                Files.writeString(committed, text);
            } else if (!Files.exists(committed) || !Files.readString(committed).equals(text)) {
                throw new IllegalStateException(committed
                        + " is not what the types in dev.wsroute.api generate: run `make crds` and commit the result");
            }
        }
    }

    static ObjectNode read(Path file) throws IOException {
        return (ObjectNode) YAML.readTree(file.toFile());
    }
}
