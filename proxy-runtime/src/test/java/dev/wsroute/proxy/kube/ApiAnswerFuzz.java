// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.kube;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;

/** Whatever the API answers, it is read, or refused with an exception that leads to another attempt. */
public final class ApiAnswerFuzz {

    private static final int MAX_LINE = 4096;
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final ObjectMapper STRICT = new ObjectMapper().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

    private ApiAnswerFuzz() {}

    /** The first byte selects list or watch and the kind, the second the size of pieces. The rest is the response. */
    public static void fuzzerTestOneInput(byte[] data) throws IOException {
        if (data.length < 2) {
            return;
        }
        byte[] answer = Arrays.copyOfRange(data, 2, data.length);
        BiFunction<String, JsonNode, ? extends ApiObject> reader =
                (data[0] & 2) == 0 ? EndpointSlice::read : DataObject::read;
        if ((data[0] & 1) == 0) {
            list(answer, reader);
        } else {
            watch(answer, 1 + (data[1] & 0xff), reader);
        }
        assertThat(ApiJson.failure(500, answer).getMessage()).startsWith("the server answered 500");
    }

    /** Parsing object by object gives the same result as parsing the whole tree. */
    private static <T extends ApiObject> void list(byte[] answer, BiFunction<String, JsonNode, T> reader) {
        Listing<T> list;
        try {
            list = new ApiJson<>(MAPPER, reader).list(answer);
        } catch (IOException refused) {
            assertThat(refused.getMessage()).isNotBlank();
            return;
        }
        JsonNode tree;
        try {
            tree = STRICT.readTree(answer);
        } catch (IOException ambiguous) {
            return;
        }
        assertThat(list.version())
                .isEqualTo(tree.path("metadata").path("resourceVersion").textValue());
        List<T> expected = new ArrayList<>();
        for (JsonNode item : tree.path("items").isArray() ? tree.path("items") : List.<JsonNode>of()) {
            expected.add(reader.apply(item.path("metadata").path("name").textValue(), item));
        }
        assertThat(list.items()).isEqualTo(expected);
    }

    /** However the answer is split, its lines are the same, and each is an event or refused. */
    private static void watch(byte[] answer, int piece, BiFunction<String, JsonNode, ? extends ApiObject> reader) {
        List<String> whole = lines(answer, Math.max(1, answer.length));
        assertThat(lines(answer, piece)).isEqualTo(whole);
        for (String line : whole) {
            try {
                WatchEvent<? extends ApiObject> event =
                        new ApiJson<>(MAPPER, reader).event(line.getBytes(StandardCharsets.ISO_8859_1));
                if (event instanceof WatchEvent.Change<? extends ApiObject> change) {
                    assertThat(change.object().name()).isNotNull();
                }
            } catch (IOException refused) {
                assertThat(refused.getMessage()).isNotBlank();
            }
        }
    }

    private static List<String> lines(byte[] answer, int piece) {
        Lines lines = new Lines(MAX_LINE);
        List<String> taken = new ArrayList<>();
        try {
            for (int at = 0; at < answer.length; at += piece) {
                lines.add(Unpooled.wrappedBuffer(answer, at, Math.min(piece, answer.length - at)));
                take(lines, taken);
            }
        } catch (IOException tooLong) {
            take(lines, taken);
            taken.add("too long");
        }
        return taken;
    }

    private static void take(Lines lines, List<String> into) {
        lines.take().forEach(line -> into.add(new String(line, StandardCharsets.ISO_8859_1)));
    }
}
