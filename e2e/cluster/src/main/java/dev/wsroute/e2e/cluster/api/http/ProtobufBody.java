// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.e2e.cluster.api.http.ProtobufMessages.Field;
import dev.wsroute.e2e.cluster.api.store.ApiError;
import dev.wsroute.e2e.cluster.api.store.Json;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Reads the protobuf that kubectl's typed commands ("create namespace", "auth can-i") always send. Supports only the kinds
 * and fields of {@link ProtobufMessages}. The response is JSON, which every client accepts.
 */
final class ProtobufBody {

    private static final int VARINT = 0;
    private static final int FIXED_64 = 1;
    private static final int LENGTH = 2;
    private static final int FIXED_32 = 5;
    private static final byte[] MAGIC = {'k', '8', 's', 0};

    private ProtobufBody() {}

    /**
     * Decodes an object in its envelope.
     *
     * @throws ApiError (415) for an unknown kind
     */
    static JsonNode decode(byte[] body) throws IOException {
        if (body.length < MAGIC.length) {
            return Json.object();
        }
        try {
            ByteBuffer in = ByteBuffer.wrap(body, MAGIC.length, body.length - MAGIC.length);
            ObjectNode envelope = message(in, "Unknown");
            String kind = Json.text(envelope, "typeMeta", "kind");
            if (!ProtobufMessages.knows(kind)) {
                throw ApiError.of(
                        415,
                        "UnsupportedMediaType",
                        "the embedded cluster does not understand the protobuf form of " + kind);
            }
            byte[] raw = Base64.getDecoder().decode(envelope.path("raw").asText());
            ObjectNode object = message(ByteBuffer.wrap(raw), kind);
            return object.put("kind", kind).put("apiVersion", Json.text(envelope, "typeMeta", "apiVersion"));
        } catch (BufferUnderflowException e) {
            throw new IOException("the protobuf message ends early", e);
        }
    }

    private static ObjectNode message(ByteBuffer in, String name) {
        ObjectNode object = Json.object();
        while (in.hasRemaining()) {
            long tag = varint(in);
            Field field = ProtobufMessages.field(name, (int) (tag >>> 3));
            switch ((int) (tag & 7)) {
                case VARINT -> number(object, field, varint(in));
                case LENGTH -> bytes(object, field, slice(in, (int) varint(in)));
                case FIXED_64 -> in.getLong();
                case FIXED_32 -> in.getInt();
                default -> throw new BufferUnderflowException();
            }
        }
        return object;
    }

    private static void number(ObjectNode object, Field field, long value) {
        if (field.type().equals("bool")) {
            object.put(field.name(), value != 0);
        } else if (field.type().equals("int")) {
            object.put(field.name(), value);
        }
    }

    private static void bytes(ObjectNode object, Field field, ByteBuffer value) {
        switch (field.type()) {
            case "" -> {}
            case "map", "bytesMap" -> {
                ObjectNode entry = message(value, field.type());
                Json.child(object, field.name())
                        .put(entry.path("key").asText(), entry.path("value").asText());
            }
            default -> {
                JsonNode decoded = decoded(field.type(), value);
                if (field.repeated()) {
                    ArrayNode list = object.withArrayProperty(field.name());
                    list.add(decoded);
                } else if (!(decoded.isTextual() && decoded.asText().isEmpty())
                        && !(decoded.isObject() && decoded.isEmpty())) {
                    object.set(field.name(), decoded);
                }
            }
        }
    }

    private static JsonNode decoded(String type, ByteBuffer value) {
        return switch (type) {
            case "string" -> Json.fromValue(StandardCharsets.UTF_8.decode(value).toString());
            case "bytes" -> {
                byte[] bytes = new byte[value.remaining()];
                value.get(bytes);
                yield Json.fromValue(Base64.getEncoder().encodeToString(bytes));
            }
            default -> message(value, type);
        };
    }

    private static ByteBuffer slice(ByteBuffer in, int length) {
        if (length < 0 || length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        ByteBuffer slice = in.slice(in.position(), length);
        in.position(in.position() + length);
        return slice;
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte b = in.get();
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw new BufferUnderflowException();
    }
}
