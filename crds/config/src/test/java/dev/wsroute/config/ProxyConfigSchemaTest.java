package dev.wsroute.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The committed schema and the records say the same, and so do the schema and the parser. */
class ProxyConfigSchemaTest {

    private static final JsonNode SCHEMA = schema();

    @Test
    void every_record_has_a_definition_with_its_fields() {
        Set<Class<?>> records = new HashSet<>();
        compare(ProxyConfig.class, records);

        Set<String> definitions = names(SCHEMA.get("$defs").fieldNames());
        definitions.removeAll(Set.of("Duration", "Token"));
        assertThat(definitions)
                .isEqualTo(records.stream().map(Class::getSimpleName).collect(Collectors.toCollection(TreeSet::new)));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void the_schema_accepts_every_example(Path file) throws IOException {
        JsonNode document = new YAMLMapper().readTree(Files.readString(file));

        assertThat(validator().validate(document)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void the_parser_accepts_every_example(Path file) throws IOException, InvalidConfigException {
        ProxyConfig config = new ProxyConfigParser()
                .parse(Files.readString(file), ProxyConfigParser.Format.YAML, true)
                .config();

        assertThat(config.routes()).isNotEmpty();
    }

    @Test
    void the_schema_accepts_what_the_operator_writes() throws IOException, InvalidConfigException {
        Path file = examples().get(0);
        ProxyConfigParser parser = new ProxyConfigParser();
        ProxyConfig config = parser.parse(Files.readString(file), ProxyConfigParser.Format.YAML, true)
                .config();

        String written = parser.write(config.withVersion(ConfigVersion.of(1, config)));

        assertThat(validator().validate(new ObjectMapper().readTree(written))).isEmpty();
    }

    @Test
    void the_schema_refuses_unknown_fields_and_values_out_of_bounds() throws IOException {
        JsonNode bad = new ObjectMapper().readTree("{\"odd\":1,\"listeners\":[{\"name\":\"ws\",\"port\":65536}]}");

        assertThat(validator().validate(bad)).hasSize(2);
    }

    static List<Path> examples() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("../../proxy-runtime/examples"))) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
    }

    private static void compare(Class<?> type, Set<Class<?>> seen) {
        if (!seen.add(type)) {
            return;
        }
        JsonNode definition = SCHEMA.at("/$defs/" + type.getSimpleName());
        Map<String, RecordComponent> fields = DocumentShape.fields(type);
        assertThat(names(definition.path("properties").fieldNames()))
                .as("properties of %s", type.getSimpleName())
                .isEqualTo(new TreeSet<>(fields.keySet()));
        assertThat(definition.path("additionalProperties").asBoolean(true)).isFalse();
        Set<String> required = StreamSupport.stream(definition.path("required").spliterator(), false)
                .map(JsonNode::asText)
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(required)
                .as("required fields of %s", type.getSimpleName())
                .isEqualTo(fields.entrySet().stream()
                        .filter(field -> DocumentShape.required(field.getValue()))
                        .map(Map.Entry::getKey)
                        .collect(Collectors.toCollection(TreeSet::new)));
        fields.forEach((name, component) -> compare(
                component.getGenericType(), definition.path("properties").get(name), seen));
    }

    private static void compare(Type type, JsonNode property, Set<Class<?>> seen) {
        if (type instanceof ParameterizedType list) {
            assertThat(property.path("type").asText()).isEqualTo("array");
            compare(list.getActualTypeArguments()[0], property.path("items"), seen);
            return;
        }
        Class<?> plain = (Class<?>) type;
        if (plain == Duration.class || plain.isRecord()) {
            assertThat(property.path("$ref").asText()).isEqualTo("#/$defs/" + plain.getSimpleName());
        }
        if (plain.isRecord()) {
            compare(plain, seen);
        } else if (plain.isEnum()) {
            List<String> words = StreamSupport.stream(property.path("enum").spliterator(), false)
                    .map(JsonNode::asText)
                    .toList();
            assertThat(words)
                    .isEqualTo(Arrays.stream(plain.getEnumConstants())
                            .map(Object::toString)
                            .toList());
        } else if (plain == int.class || plain == Integer.class || plain == long.class || plain == Long.class) {
            assertThat(property.path("type").asText()).isEqualTo("integer");
        } else if (plain == Boolean.class) {
            assertThat(property.path("type").asText()).isEqualTo("boolean");
        }
    }

    private static Set<String> names(Iterator<String> names) {
        Set<String> set = new TreeSet<>();
        names.forEachRemaining(set::add);
        return set;
    }

    private static JsonSchema validator() {
        return JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(SCHEMA);
    }

    private static JsonNode schema() {
        try (InputStream in = ProxyConfig.class.getResourceAsStream("proxy-config.schema.json")) {
            return new ObjectMapper().readTree(Objects.requireNonNull(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
