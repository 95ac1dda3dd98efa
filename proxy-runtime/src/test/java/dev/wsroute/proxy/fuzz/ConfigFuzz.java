// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wsroute.config.InvalidConfigException;
import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.ProxyConfigParser;
import dev.wsroute.config.ProxyConfigParser.DocumentFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;

/**
 * A document is refused with sentences, or it is read; written and read again, it is the same. Aliases do not change its
 * meaning.
 */
public final class ConfigFuzz {

    private static final ProxyConfigParser PARSER = new ProxyConfigParser();

    /** A document with many repeated values. */
    private static final String PLAIN = """
            {"name": "a", "listeners": [{"name": "a", "port": 80}, {"name": "b", "port": 81, "address": "127.0.0.1"}],
             "limits": {"connectionsPerClient": 80, "handshakeTimeout": "3s"},
             "routes": [
               {"name": "a", "hostnames": ["a.example", "b.example"], "rules": [
                 {"name": "a", "timeouts": {"connect": "3s", "upgrade": "3s"}, "backends": [
                   {"name": "a", "weight": 80, "endpoints": [{"address": "127.0.0.1", "port": 80}]},
                   {"name": "b", "weight": 81, "endpoints": [{"address": "127.0.0.1", "port": 81}]}],
                  "responseHeaders": {"set": [{"name": "a", "value": "it's: *a \\"#1\\" &b"}]}}]},
               {"name": "b", "hostnames": ["b.example"], "rules": [
                 {"name": "a", "timeouts": {"connect": "3s", "upgrade": "4s"}, "backends": [
                   {"name": "a", "weight": 80, "endpoints": [{"address": "127.0.0.1", "port": 80}]}]},
                 {"name": "b", "timeouts": {"connect": "3s", "upgrade": "3s"}, "backends": []}]}]}
            """;

    private static final JsonNode DOCUMENT = read(PLAIN);

    private ConfigFuzz() {}

    /**
     * The first byte selects the format and strictness. The rest is the text, or chooses where a document has aliases.
     */
    public static void fuzzerTestOneInput(byte[] data) throws InvalidConfigException {
        if (data.length == 0) {
            return;
        }
        if ((data[0] & 4) != 0) {
            String aliased = AliasedYaml.of(DOCUMENT, new Choices(Arrays.copyOfRange(data, 1, data.length)));
            assertThat(PARSER.parse(aliased, DocumentFormat.YAML, true))
                    .as(aliased)
                    .isEqualTo(PARSER.parse(PLAIN, true));
            return;
        }
        String text = new String(data, 1, data.length - 1, UTF_8);
        DocumentFormat format = (data[0] & 1) == 0 ? DocumentFormat.YAML : DocumentFormat.JSON;
        ProxyConfig config;
        try {
            config = PARSER.parse(text, format, (data[0] & 2) == 0).config();
        } catch (InvalidConfigException refused) {
            assertThat(refused.sentences()).isNotEmpty().doesNotContain("");
            return;
        }
        String written = PARSER.write(config);
        assertThat(PARSER.parse(written, true).config()).isEqualTo(config);
        assertThat(PARSER.write(PARSER.parse(written, true).config())).isEqualTo(written);
    }

    private static JsonNode read(String json) {
        try {
            return new ObjectMapper().readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
