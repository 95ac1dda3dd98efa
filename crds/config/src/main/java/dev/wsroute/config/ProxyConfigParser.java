// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes {@link ProxyConfig} documents. A document is accepted or rejected as a whole; each problem is reported with
 * the path of its field.
 */
public final class ProxyConfigParser {

    /** Maximum size of a document in bytes of UTF-8: what fits into a ConfigMap. */
    public static final int MAX_BYTES = 1024 * 1024;

    /** The syntax of a document. */
    public enum DocumentFormat {
        JSON,
        /**
         * YAML 1.1, nearly a superset of JSON, with anchors, aliases and merge keys. Top-level fields whose names start with
         * {@code x-} are ignored.
         */
        YAML
    }

    private final ObjectMapper json = ConfigJson.json();
    private @Nullable ObjectMapper yaml;

    /**
     * @param config the document
     * @param ignoredFields paths of unknown fields, ignored because the document has a newer minor version
     * @param warnings one sentence for each field with an old name, unless the operator wrote the document
     */
    public record Parsed(ProxyConfig config, List<String> ignoredFields, List<String> warnings) {}

    /**
     * @param text JSON
     * @param strict whether unknown fields are rejected even if the document has a newer minor version
     * @throws InvalidConfigException with all problems, one sentence each with the path of the field
     */
    public Parsed parse(String text, boolean strict) throws InvalidConfigException {
        return parse(text, DocumentFormat.JSON, strict);
    }

    /**
     * @param text in {@code format}
     * @param strict whether unknown fields are rejected even if the document has a newer minor version
     * @throws InvalidConfigException with all problems, one sentence each with the path of the field
     */
    public Parsed parse(String text, DocumentFormat format, boolean strict) throws InvalidConfigException {
        JsonNode tree = read(text, format);
        SchemaVersion schema = schemaVersion(tree);
        List<String> renamed = FormerNames.replace(tree);
        DocumentShape shape = new DocumentShape();
        shape.check(tree, ProxyConfig.class);
        List<Problem> problems = new ArrayList<>(shape.problems());
        if (strict || !schema.isNewer()) {
            problems.addAll(shape.unknown());
        }
        if (!problems.isEmpty()) {
            throw new InvalidConfigException(version(tree), problems);
        }
        ProxyConfig config = bind(tree);
        problems.addAll(ConfigRules.check(config));
        if (!problems.isEmpty()) {
            throw new InvalidConfigException(config.version(), problems);
        }
        return new Parsed(
                config,
                shape.unknown().stream().map(Problem::path).toList(),
                config.version() == null ? renamed : List.of());
    }

    /** The document as JSON, the same text for equal documents. */
    public String write(ProxyConfig config) {
        try {
            return json.writeValueAsString(config);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("this configuration cannot be written as JSON", e);
        }
    }

    /** As {@link #write}, with names that proxies of schema version 1.3 also know. */
    public String writeForOlderProxies(ProxyConfig config) {
        JsonNode document = json.valueToTree(config);
        FormerNames.restore(document);
        return document.toString();
    }

    private JsonNode read(String given, DocumentFormat format) throws InvalidConfigException {
        // A byte order mark, which some editors write.
        String text = given.startsWith("\uFEFF") ? given.substring(1) : given;
        int size = text.getBytes(StandardCharsets.UTF_8).length;
        if (size > MAX_BYTES) {
            throw invalid("The document must not be larger than " + MAX_BYTES + " bytes, it has " + size);
        }
        @Nullable JsonNode tree;
        try {
            tree = format == DocumentFormat.YAML ? yaml(text) : tree(json, text);
        } catch (RefusedDocumentException e) {
            throw new InvalidConfigException(e.problem());
        } catch (JsonProcessingException e) {
            throw invalid(SyntaxFaults.sentence(e, format));
        } catch (IOException e) {
            throw new UncheckedIOException("text in memory cannot be read", e);
        }
        if (tree == null || tree.isMissingNode() || tree.isNull()) {
            throw invalid("The document is empty");
        }
        if (tree instanceof ObjectNode document
                && document.path("schemaVersion").isNumber()) {
            // Unquoted in YAML, 1.0 is a number.
            document.put("schemaVersion", document.get("schemaVersion").asText());
        }
        return tree;
    }

    private static @Nullable JsonNode tree(ObjectMapper mapper, String text) throws IOException {
        try (JsonParser tokens = new StrictTokens(mapper.createParser(text))) {
            return mapper.readTree(tokens);
        }
    }

    private @Nullable JsonNode yaml(String text) throws IOException {
        if (yaml == null) {
            yaml = ConfigJson.yaml(MAX_BYTES);
        }
        JsonNode read = tree(yaml, text);
        JsonNode tree = read == null ? null : YamlMerge.merged(read);
        if (tree instanceof ObjectNode document) {
            // For anchored values: no field of any version starts with this.
            document.properties().removeIf(field -> field.getKey().startsWith("x-"));
        }
        return tree;
    }

    private static SchemaVersion schemaVersion(JsonNode tree) throws InvalidConfigException {
        JsonNode given = tree.path("schemaVersion");
        if (given.isMissingNode() || given.isNull()) {
            return SchemaVersion.CURRENT;
        }
        SchemaVersion schema;
        try {
            schema = SchemaVersion.parse(given.isTextual() ? given.textValue() : given.toString());
        } catch (IllegalArgumentException e) {
            throw new InvalidConfigException(
                    version(tree),
                    List.of(new Problem("schemaVersion", "must be of the form MAJOR.MINOR, got " + given)));
        }
        if (!schema.isReadable()) {
            throw new InvalidConfigException(
                    version(tree),
                    List.of(new Problem(
                            "schemaVersion",
                            schema + " cannot be read by this build, which knows " + SchemaVersion.CURRENT.major()
                                    + ".x to " + SchemaVersion.WITH_ACCESS.major() + ".x")));
        }
        return schema;
    }

    private static @Nullable ConfigVersion version(JsonNode tree) {
        JsonNode version = tree.path("version");
        JsonNode generation = version.path("generation");
        JsonNode hash = version.path("hash");
        return generation.isIntegralNumber()
                        && hash.isTextual()
                        && hash.textValue().length() <= ConfigVersion.MAX_HASH
                ? new ConfigVersion(generation.longValue(), hash.textValue())
                : null;
    }

    private ProxyConfig bind(JsonNode tree) throws InvalidConfigException {
        try {
            return json.treeToValue(tree, ProxyConfig.class);
        } catch (JsonProcessingException e) {
            throw new InvalidConfigException(version(tree), List.of(Problem.ofDocument(e.getOriginalMessage())));
        }
    }

    private static InvalidConfigException invalid(String sentence) {
        return new InvalidConfigException(Problem.ofDocument(sentence));
    }
}
