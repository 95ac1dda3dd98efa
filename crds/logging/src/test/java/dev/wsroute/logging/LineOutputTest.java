// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

class LineOutputTest {

    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();

    @Test
    void aTruncatedLineIsEndedBeforeTheNextOne() throws Exception {
        LineOutput output = new LineOutput(breakingAfter(4), new ReentrantLock());

        assertThatThrownBy(() -> output.write(bytes("one long line\n"))).isInstanceOf(IOException.class);
        output.write(bytes("next\n"));
        output.write(bytes("last\n"));

        assertThat(taken.toString(StandardCharsets.UTF_8)).isEqualTo("one \nnext\nlast\n");
        assertThat(output.errors()).isEqualTo(1);
    }

    @Test
    void twoOutputsToTheSameFileDoNotMixTheirLines() throws Exception {
        ReentrantLock turn = new ReentrantLock(true);
        OutputStream slow = byteByByte();
        List<Thread> writers = new ArrayList<>();
        for (String line : List.of("a".repeat(50) + "\n", "b".repeat(50) + "\n")) {
            LineOutput output = new LineOutput(slow, turn);
            writers.add(new Thread(() -> {
                for (int i = 0; i < 200; i++) {
                    try {
                        output.write(bytes(line));
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                }
            }));
        }

        writers.forEach(Thread::start);
        for (Thread writer : writers) {
            writer.join();
        }

        assertThat(taken.toString(StandardCharsets.UTF_8).lines())
                .hasSize(400)
                .allMatch(line -> line.matches("a{50}|b{50}"));
    }

    private OutputStream byteByByte() {
        return new OutputStream() {
            @Override
            public void write(int b) {
                taken.write(b);
                Thread.yield();
            }
        };
    }

    private OutputStream breakingAfter(int bytes) {
        return new OutputStream() {
            private boolean broken;

            @Override
            public void write(int b) {
                taken.write(b);
            }

            @Override
            public void write(byte[] line, int offset, int length) throws IOException {
                if (!broken) {
                    broken = true;
                    taken.write(line, offset, bytes);
                    throw new IOException("Resource temporarily unavailable");
                }
                taken.write(line, offset, length);
            }
        };
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
