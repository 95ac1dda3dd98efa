// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** {@code openssl s_client} or {@code s_server} in interactive use. */
public final class OpensslProcess implements AutoCloseable {

    private final Process process;
    private final BufferedReader output;

    private OpensslProcess(Process process) {
        this.process = process;
        this.output = process.inputReader(ISO_8859_1);
    }

    /** @param folder where it finds the files that its arguments name */
    public static OpensslProcess start(Path folder, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        return new OpensslProcess(new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start());
    }

    /** Types text, in which a line may be a command: {@code K} sends KeyUpdate. */
    public void type(String text) throws IOException {
        type(text.getBytes(ISO_8859_1));
    }

    public void type(byte[] bytes) throws IOException {
        process.getOutputStream().write(bytes);
        process.getOutputStream().flush();
    }

    /** Reads its output up to this text, ignoring case. */
    public void readTo(String text) throws IOException {
        String wanted = text.toLowerCase(Locale.ROOT);
        StringBuilder read = new StringBuilder();
        while (read.indexOf(wanted) < 0) {
            int next = output.read();
            if (next < 0) {
                throw new AssertionError("'" + text + "' is not in: " + read);
            }
            read.append(Character.toLowerCase((char) next));
        }
    }

    /** Reads the rest of a line of its output. */
    public String readLine() throws IOException {
        return output.readLine();
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
