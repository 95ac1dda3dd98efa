// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.install;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A Kubernetes object that a document tells users to apply.
 *
 * @param source the file that contains it
 */
record Manifest(Path source, GenericKubernetesResource object) {

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final Pattern CODE_BLOCK = Pattern.compile("(?ms)^ *```ya?ml\\n(.*?)^ *```");

    /** Every object in the files, and in the YAML blocks of Markdown files, of {@code places}. */
    static List<Manifest> in(Path... places) {
        return Stream.of(places)
                .flatMap(Manifest::files)
                .flatMap(file -> documents(file).stream()
                        .filter(document -> document.has("apiVersion") && document.has("kind"))
                        .filter(document -> !document.get("apiVersion").asText().startsWith("kustomize."))
                        // To be converted, not to be applied; the operator's tests do that.
                        .filter(document -> !document.get("kind").asText().equals("Ingress"))
                        .map(document ->
                                new Manifest(file, YAML.convertValue(document, GenericKubernetesResource.class))))
                .toList();
    }

    /** The files for stand-alone proxies in the YAML blocks of Markdown files in {@code place}, by a description of where they are. */
    static Map<String, String> proxyConfigs(Path place) {
        Map<String, String> configs = new LinkedHashMap<>();
        files(place)
                .flatMap(file -> documents(file).stream()
                        .filter(document -> document.has("listeners"))
                        .map(document -> Map.entry(file.getFileName().toString(), document.toString())))
                .forEach(config -> configs.put(config.getKey() + " " + configs.size(), config.getValue()));
        return configs;
    }

    private static Stream<Path> files(Path place) {
        try (Stream<Path> files = Files.walk(place)) {
            return files.filter(file -> file.toString().matches(".*\\.(ya?ml|md)")).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<JsonNode> documents(Path file) {
        try {
            String text = Files.readString(file);
            List<JsonNode> documents = new ArrayList<>();
            for (String yaml : file.toString().endsWith(".md") ? blocks(text) : List.of(text)) {
                documents.addAll(YAML.readerFor(JsonNode.class)
                        .<JsonNode>readValues(yaml)
                        .readAll());
            }
            return documents;
        } catch (IOException e) {
            throw new UncheckedIOException("in " + file, e);
        }
    }

    private static List<String> blocks(String markdown) {
        Matcher block = CODE_BLOCK.matcher(markdown);
        List<String> blocks = new ArrayList<>();
        while (block.find()) {
            blocks.add(block.group(1));
        }
        return blocks;
    }

    @Override
    public String toString() {
        return source.getFileName() + ": " + object.getKind() + " "
                + object.getMetadata().getName();
    }
}
