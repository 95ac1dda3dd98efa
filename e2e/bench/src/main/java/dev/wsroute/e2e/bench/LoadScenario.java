// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A scenario, with the load generator's flags. */
enum LoadScenario {
    ECHO("echo", "64 connections, 64 B, 1 in flight", "--connections 64 --size 64"),
    PIPELINED("pipelined", "64 connections, 64 B, 32 in flight", "--connections 64 --size 64 --in-flight 32"),
    LARGE("large", "16 connections, 64 KiB, 2 in flight", "--connections 16 --size 65536 --in-flight 2"),
    MANY("many", "2,000 connections, 128 B, 1 in flight", "--connections 2000 --size 128"),
    PACED("paced", "200 connections, 64 B, 10 messages/s each", "--connections 200 --size 64 --rate 10"),
    CONNECT("connect", "connect, upgrade, one echo, close; 16 at once", Flags.CONNECT),
    RESUMED(
            "resumed",
            "connect with resumed TLS sessions; 16 at once",
            "--mode connect --connections 16 --size 64 --resume"),
    MIXED("mixed", "64 connections, 16 B to 64 KiB, 2 in flight", "--connections 64 --mixed --in-flight 2"),
    FANOUT("fanout", "one backend message to 5,000 clients", "--mode fanout --connections 5000 --size 128"),
    HALF_LOAD("half-load", "echo at half of the slowest proxy's rate", "--connections 64 --size 64"),
    CHURN(
            "churn",
            "paced, while 50 endpoint changes a second arrive",
            "--connections 200 --size 64 --rate 10 --keep-on"),
    OVERLOAD(
            "overload",
            "200 open WebSockets, and twice the handshakes that the proxy can do",
            "--connections 220 --direct 20 --size 64 --rate 10"),
    ACCESS_NONE("access-none", "no check", Flags.CONNECT),
    ACCESS_ORIGIN("access-origin", "a list of origins", Flags.CONNECT),
    ACCESS_TOKEN("access-token", "JWT with ES256, always the same", Flags.CONNECT),
    ACCESS_TOKENS("access-tokens", "JWT with ES256, each time another one", Flags.CONNECT),
    ACCESS_EXTERNAL("access-external", "a service is asked each time", Flags.CONNECT),
    ACCESS_PASSWORD("access-password", "a password with bcrypt, always the same", Flags.CONNECT),
    COLD("cold", "connect in the first two seconds of a new proxy", Flags.CONNECT),
    CERTIFICATES("certificates", "10,000 certificates on one listener", "--connections 1"),
    IDLE("idle", "memory, and with 5,000 connections", "--mode idle --connections 5000");

    /** Scenarios that are meaningless without TLS. */
    private static final Set<LoadScenario> TLS_ONLY = EnumSet.of(RESUMED, CERTIFICATES);

    private static final Set<LoadScenario> OVER_TLS =
            EnumSet.of(ECHO, LARGE, PACED, CONNECT, RESUMED, COLD, CERTIFICATES, IDLE);

    private static final Set<LoadScenario> ACCESS =
            EnumSet.of(ACCESS_NONE, ACCESS_ORIGIN, ACCESS_TOKEN, ACCESS_TOKENS, ACCESS_EXTERNAL, ACCESS_PASSWORD);

    /** Scenarios that run on separate proxies. */
    private static final Set<LoadScenario> FRESH = EnumSet.of(OVERLOAD, COLD, CERTIFICATES, IDLE);

    private final String label;
    private final String description;
    private final String flags;

    LoadScenario(String label, String description, String flags) {
        this.label = label;
        this.description = description;
        this.flags = flags;
    }

    /** Name in the tables and for {@code --scenarios}. */
    String label() {
        return label;
    }

    String description() {
        return description;
    }

    List<String> flags() {
        return List.of(flags.split(" "));
    }

    /** Number of connections that it opens. */
    int connections() {
        return Integer.parseInt(flags().get(flags().indexOf("--connections") + 1));
    }

    /** Whether it measures a proxy's CPU time per message (for CONNECT: per connection). */
    boolean measuresCpu() {
        return sharesProxies() && this != HALF_LOAD;
    }

    /** Whether the proxy limits the rate, and not the load. */
    boolean measuresRate() {
        return measuresCpu() && this != PACED;
    }

    /** Whether it runs through proxies that several scenarios share. */
    boolean sharesProxies() {
        return !FRESH.contains(this) && this != CHURN && !checksAccess();
    }

    boolean needsTls() {
        return TLS_ONLY.contains(this);
    }

    /** Whether it measures handshakes through proxies that check who connects, or their counterpart without a check. */
    boolean checksAccess() {
        return ACCESS.contains(this);
    }

    /** Those that do. */
    static List<LoadScenario> access() {
        return List.copyOf(ACCESS);
    }

    /** The scenarios that are measured by default. */
    static List<LoadScenario> all(boolean tls) {
        return Arrays.stream(values())
                .filter(scenario -> tls ? OVER_TLS.contains(scenario) : !scenario.needsTls())
                .toList();
    }

    static Optional<LoadScenario> labelled(String label) {
        return Arrays.stream(values())
                .filter(scenario -> scenario.label.equals(label))
                .findFirst();
    }

    static List<String> labels() {
        return Arrays.stream(values()).map(scenario -> scenario.label).toList();
    }

    /** An enum's constants cannot use its own fields. */
    private static final class Flags {

        static final String CONNECT = "--mode connect --connections 16 --size 64";
    }
}
