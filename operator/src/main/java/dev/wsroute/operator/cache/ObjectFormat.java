// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.cache;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.TextNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Converts objects of one kind to JSON and back.
 *
 * @param <R> the kind
 */
final class ObjectFormat<R extends HasMetadata> {

    private final Class<R> type;
    private final ObjectWriter writer;
    private final ObjectReader reader;
    private final ObjectReader partialReader;
    private final ObjectMapper partialMapper;

    @JsonIgnoreProperties("managedFields")
    private interface WithoutManagedFields {}

    private ObjectFormat(Class<R> type, ObjectMapper mapper) {
        this.type = type;
        this.writer = mapper.writerFor(type);
        this.reader = mapper.readerFor(type);
        this.partialMapper = lean();
        this.partialReader = partialMapper.readerFor(ObjectMeta.class);
    }

    /** For whole objects. */
    static <R extends HasMetadata> ObjectFormat<R> whole(Class<R> type) {
        return new ObjectFormat<>(type, ObjectMappers.create());
    }

    /** For objects without their managed fields, which are half of their size. */
    static <R extends HasMetadata> ObjectFormat<R> withoutManagedFields(Class<R> type) {
        return new ObjectFormat<>(type, lean());
    }

    private static ObjectMapper lean() {
        return ObjectMappers.create().addMixIn(ObjectMeta.class, WithoutManagedFields.class);
    }

    byte[] write(R object) {
        try {
            return writer.writeValueAsBytes(object);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As {@link #write}, but only its {@link PartialObject}. */
    byte[] writePartial(R object) {
        JsonNode metadata = partialMapper.valueToTree(object.getMetadata());
        try {
            return partialMapper.writeValueAsBytes(PartialObject.of(
                    TextNode.valueOf(object.getApiVersion()), TextNode.valueOf(object.getKind()), metadata));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    R read(byte[] json) {
        try {
            return reader.readValue(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads only the metadata of the object, without the managed fields. */
    R readPartial(byte[] json) {
        try (JsonParser parser = partialReader.createParser(json)) {
            while (parser.nextToken() != null) {
                if (parser.currentToken() == JsonToken.FIELD_NAME) {
                    boolean metadata = parser.currentName().equals("metadata");
                    parser.nextToken();
                    if (metadata) {
                        R partial = type.getDeclaredConstructor().newInstance();
                        partial.setMetadata(partialReader.readValue(parser));
                        return partial;
                    }
                    parser.skipChildren();
                }
            }
            throw new IllegalStateException("a " + type.getSimpleName() + " has no metadata");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a " + type.getSimpleName() + " cannot be created", e);
        }
    }
}
