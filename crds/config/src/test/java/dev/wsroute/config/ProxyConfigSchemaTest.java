// SPDX-License-Identifier: Apache-2.0
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The committed schema, which is generated from the records, and the parser agree. */
class ProxyConfigSchemaTest {

    private static final JsonNode SCHEMA = schema();

    @ParameterizedTest
    @MethodSource("examples")
    void theSchemaAcceptsEveryExample(Path file) throws IOException {
        JsonNode document = new YAMLMapper().readTree(Files.readString(file));

        assertThat(validator().validate(document)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void theParserAcceptsEveryExample(Path file) throws IOException, InvalidConfigException {
        ProxyConfig config = new ProxyConfigParser()
                .parse(Files.readString(file), ProxyConfigParser.DocumentFormat.YAML, true)
                .config();

        assertThat(config.routes()).isNotEmpty();
    }

    @Test
    void theSchemaAcceptsWhatTheOperatorWrites() throws IOException, InvalidConfigException {
        Path file = examples().get(0);
        ProxyConfigParser parser = new ProxyConfigParser();
        ProxyConfig config = parser.parse(Files.readString(file), ProxyConfigParser.DocumentFormat.YAML, true)
                .config();

        String written = parser.writeForOlderProxies(config.withVersion(ConfigVersion.of(1, config)));

        assertThat(validator().validate(new ObjectMapper().readTree(written))).isEmpty();
    }

    @Test
    void theSchemaRefusesUnknownFieldsAndValuesOutOfBounds() throws IOException {
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
