// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Records the allocations of this proxy on the Java heap with JFR, which {@code jcmd} starts and stops. */
final class Allocations implements Companion {

    /** Totals by thread at the start and end of the recording, and samples of allocations. */
    private static final String SETTINGS = """
            <?xml version="1.0" encoding="UTF-8"?>
            <configuration version="2.0">
              <event name="jdk.ThreadAllocationStatistics">
                <setting name="enabled">true</setting>
                <setting name="period">everyChunk</setting>
              </event>
              <event name="jdk.ObjectAllocationSample">
                <setting name="enabled">true</setting>
                <setting name="throttle">1000/s</setting>
                <setting name="stackTrace">true</setting>
              </event>
            </configuration>
            """;

    private static final String NAME = "name=allocations";

    private final RunningProxy proxy;
    private final Path jcmd;
    private boolean recording;

    /**
     * @param jcmd of the JDK that the proxy runs on
     */
    record Recorder(Path jcmd) implements Probe {

        @Override
        public boolean looksInto(RunningProxy proxy) {
            return proxy.label().equals(Contender.OURS);
        }

        @Override
        public Companion into(RunningProxy proxy) {
            return new Allocations(proxy, jcmd);
        }
    }

    private Allocations(RunningProxy proxy, Path jcmd) {
        this.proxy = proxy;
        this.jcmd = jcmd;
    }

    @Override
    public void begin() throws IOException, InterruptedException {
        Path settings = Files.writeString(proxy.folder().resolve("allocations.jfc"), SETTINGS);
        tell("JFR.start", NAME, "settings=" + settings);
        recording = true;
    }

    @Override
    public Measurement end(Measurement measured) throws IOException, InterruptedException {
        Path file = proxy.folder().resolve("allocations.jfr");
        tell("JFR.stop", NAME, "filename=" + file);
        recording = false;
        try {
            return AllocationRecording.read(file).measurement(Probe.count(measured));
        } finally {
            Files.delete(file);
        }
    }

    @Override
    public void close() {
        if (recording) {
            try {
                tell("JFR.stop", NAME);
            } catch (IOException e) {
                // The proxy and its recording have ended.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void tell(String... command) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(jcmd.toString(), Long.toString(proxy.pid())));
        line.addAll(List.of(command));
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
        // It reports some failures only in its output.
        if (process.waitFor() != 0 || said.contains("Could not") || said.contains("Exception")) {
            throw new NotMeasuredException(
                    said.lines().reduce((first, second) -> second).orElse("jcmd failed"));
        }
    }
}
