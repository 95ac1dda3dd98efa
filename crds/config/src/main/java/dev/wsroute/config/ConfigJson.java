// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.MapperBuilder;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.time.Duration;

/** Jackson configuration for documents: durations as GEP-2257 text, no trailing content. */
final class ConfigJson {

    private ConfigJson() {}

    static ObjectMapper json() {
        return configure(JsonMapper.builder(JsonFactory.builder()
                .streamReadConstraints(StrictTokens.CONSTRAINTS)
                .build()));
    }

    /** @param maxAdded maximum number of characters that the aliases of a document may add */
    static ObjectMapper yaml(int maxAdded) {
        return configure(YAMLMapper.builder(new YamlDocuments(maxAdded)));
    }

    private static ObjectMapper configure(MapperBuilder<? extends ObjectMapper, ?> builder) {
        return builder.addModule(new SimpleModule()
                        .addSerializer(new DurationSerializer())
                        .addDeserializer(Duration.class, new DurationDeserializer()))
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build();
    }

    private static final class DurationSerializer extends StdSerializer<Duration> {

        private static final long serialVersionUID = 1;

        DurationSerializer() {
            super(Duration.class);
        }

        @Override
        public void serialize(Duration value, JsonGenerator generator, SerializerProvider provider) throws IOException {
            generator.writeString(Durations.format(value));
        }
    }

    private static final class DurationDeserializer extends StdDeserializer<Duration> {

        private static final long serialVersionUID = 1;

        DurationDeserializer() {
            super(Duration.class);
        }

        @Override
        public Duration deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            String text = parser.getValueAsString("");
            try {
                return Durations.parse(text);
            } catch (IllegalArgumentException e) {
                return (Duration) context.handleWeirdStringValue(Duration.class, text, "%s", e.getMessage());
            }
        }
    }
}
