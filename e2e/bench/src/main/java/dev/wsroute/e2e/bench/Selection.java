// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The proxies to measure.
 *
 * @param wanted their labels; null: all that fit
 * @param before the jar of an older version of our proxy
 */
record Selection(
        @Nullable List<String> wanted,
        boolean smoke,
        boolean tls,
        @Nullable Path before) {

    private static final Set<String> SMOKE = Set.of(
            Contender.RELAY,
            ComparedProxy.NGINX.label(),
            ComparedProxy.HAPROXY.label(),
            Contender.BEFORE,
            Contender.OURS);

    /** All labels. */
    static List<String> known() {
        return Stream.concat(
                        Stream.of(Contender.RELAY, Contender.BEFORE, Contender.PLAIN, Contender.OURS, Contender.DIRECT),
                        Stream.of(ComparedProxy.values()).map(ComparedProxy::label))
                .toList();
    }

    boolean includes(String proxy) {
        if (wanted != null) {
            return wanted.contains(proxy);
        }
        // Over TLS, our own proxy without TLS is the floor.
        return switch (proxy) {
            case Contender.PLAIN -> tls;
            case Contender.RELAY, Contender.DIRECT -> !tls && (!smoke || SMOKE.contains(proxy));
            default -> !smoke || SMOKE.contains(proxy);
        };
    }

    /**
     * The installed ones. Reports those that are missing.
     *
     * @param jar this project's proxy
     */
    List<Contender> contenders(PrintWriter out, NativePrograms programs, JavaRuntime runtime, Path jar) {
        List<Contender> all = new ArrayList<>(List.of(new BareRelay(programs.relay())));
        all.addAll(Arrays.asList(ComparedProxy.values()));
        if (before != null) {
            all.add(new OurProxy(Contender.BEFORE, before, runtime));
        }
        all.add(new OurProxy(Contender.PLAIN, jar, runtime));
        all.add(new OurProxy(Contender.OURS, jar, runtime));
        List<Contender> present = new ArrayList<>();
        for (Contender contender : all) {
            if (includes(contender.label()) && contender.isInstalled()) {
                present.add(contender);
            } else if (includes(contender.label())) {
                out.println(contender.label() + " is not installed: left out");
            }
        }
        return present;
    }

    /** Their versions. */
    static Map<String, String> versions(List<Contender> contenders) throws IOException, InterruptedException {
        Map<String, String> versions = new LinkedHashMap<>();
        for (Contender contender : contenders) {
            versions.put(contender.label(), version(contender.versionCommand()));
        }
        return versions;
    }

    /** The first line that a version command prints. */
    private static String version(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        process.waitFor();
        return said.lines().findFirst().orElse("of an unknown version");
    }
}
