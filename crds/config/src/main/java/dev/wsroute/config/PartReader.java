// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads parts of a {@link ProxyConfig} that are embedded in another document, such as the spec of a route, with the checks of
 * the parser. Sentences start with the path in that other document, whose author has to remove or handle the fields that the
 * document does not have.
 */
public final class PartReader {

    private static final ObjectMapper JSON = ConfigJson.json();

    private final Problems problems = new Problems();
    private final FieldChecks checks = new FieldChecks(problems);

    /** One sentence per problem of all parts read so far. */
    public List<String> problems() {
        return problems.found().stream().map(Problem::sentence).toList();
    }

    /**
     * @param path of the part in the other document
     * @return null if the part does not have the shape of {@code type}
     * @throws IllegalArgumentException if the part has a field that {@code type} lacks, which would be ignored
     */
    public <T extends Record> @Nullable T read(String path, JsonNode part, Class<T> type) {
        DocumentShape shape = new DocumentShape();
        shape.check(path, part, type);
        if (!shape.unknown().isEmpty()) {
            throw new IllegalArgumentException(
                    shape.unknown().stream().map(Problem::sentence).collect(Collectors.joining("; ")));
        }
        List<Problem> faults = shape.problems();
        faults.forEach(problems::add);
        if (!faults.isEmpty()) {
            return null;
        }
        try {
            T value = JSON.treeToValue(part, type);
            checks.check(path, value);
            return value;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The shape of " + path + " was checked and cannot be read", e);
        }
    }
}
