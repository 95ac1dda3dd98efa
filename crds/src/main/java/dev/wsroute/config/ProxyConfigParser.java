package dev.wsroute.config;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Reads and writes {@link ProxyConfig} documents. */
public final class ProxyConfigParser {

    private final ObjectMapper mapper = JsonMapper.builder()
            .addModule(new SimpleModule()
                    .addSerializer(new DurationSerializer())
                    .addDeserializer(Duration.class, new DurationDeserializer()))
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /**
     * @param config the document
     * @param ignoredFields paths of fields that this build does not know, ignored since the document's minor version is newer
     */
    public record Parsed(ProxyConfig config, List<String> ignoredFields) {}

    /**
     * @param text JSON
     * @param strict whether a field that is not known is refused also in a document of a newer minor version
     * @throws InvalidConfigException naming every problem found, each in a sentence with the field's path
     */
    public Parsed parse(String text, boolean strict) throws InvalidConfigException {
        try {
            return new Parsed(mapper.readValue(text, ProxyConfig.class), List.of());
        } catch (JsonProcessingException e) {
            throw new InvalidConfigException(List.of(e.getOriginalMessage()));
        }
    }

    /** The document as JSON, the same text for equal documents. */
    public String write(ProxyConfig config) {
        try {
            return mapper.writeValueAsString(config);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("this configuration cannot be written as JSON", e);
        }
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
