// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.accesslog;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.wsroute.logging.AsciiEscapes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonLineTest {

    private final JsonLine line = new JsonLine();

    @Test
    void itIsWhatJacksonWrites() throws IOException {
        Random random = new Random(1);
        for (int run = 0; run < 2000; run++) {
            String text = random(random, run % 50);
            long number = run % 2 == 0 ? random.nextLong() : random.nextInt(1000);
            line.begin();
            line.text("text", text);
            line.number("number", number);

            assertThat(written()).isEqualTo(byJackson(text, number));
        }
    }

    @Test
    void numbersOfEveryLengthAreWhole() throws IOException {
        line.begin();
        for (long number : new long[] {0, 9, 10, 99, 100, Integer.MAX_VALUE, Long.MAX_VALUE, -1, Long.MIN_VALUE}) {
            line.number("n", number);
        }

        assertThat(written())
                .isEqualTo(
                        "{\"n\":0,\"n\":9,\"n\":10,\"n\":99,\"n\":100,\"n\":2147483647,\"n\":9223372036854775807,\"n\":-1,"
                                + "\"n\":-9223372036854775808}\n");
    }

    @Test
    void fieldsWithoutAValueAreLeftOutAndALineHoldsNothingOfTheOneBefore() throws IOException {
        line.begin();
        line.text("long", "x".repeat(5000));
        written();
        line.begin();
        line.text("none", null);
        line.text("empty", "");

        assertThat(written()).isEqualTo("{}\n");
    }

    /** Mostly characters that need an escape. */
    private static String random(Random random, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            int kind = random.nextInt(4);
            text.append(
                    kind == 0
                            ? "\"\\/\b\t\n\f\r\u007f\u2028".charAt(random.nextInt(10))
                            : (char) random.nextInt(kind == 1 ? 0x20 : kind == 2 ? 0x80 : 0xd800));
        }
        return text.append("\ud83d\ude00").toString();
    }

    private String written() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        line.end(out);
        return out.toString(US_ASCII);
    }

    private static String byJackson(String text, long number) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = AsciiEscapes.on(new JsonFactory()).createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("text", text);
            json.writeNumberField("number", number);
            json.writeEndObject();
            json.writeRaw('\n');
        }
        return out.toString(US_ASCII);
    }
}
