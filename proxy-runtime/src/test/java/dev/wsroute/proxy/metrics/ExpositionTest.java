// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wsroute.admin.Drops;
import dev.wsroute.config.ConnectionRules.RateAction;
import dev.wsroute.proxy.containment.Failures;
import dev.wsroute.proxy.discovery.EndpointKey;
import dev.wsroute.proxy.memory.MemoryPlan;
import dev.wsroute.proxy.metrics.Exposition.Family;
import dev.wsroute.proxy.metrics.Exposition.Sample;
import io.netty.util.concurrent.DefaultEventExecutorGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All metrics are well-formed, follow Prometheus's naming conventions, have bounded cardinality and are in the guide. */
@Tag("slow")
class ExpositionTest {

    private static final Path GUIDE = Path.of("../docs/operations.md");
    private static final Set<String> LABELS = Set.of(
            "route",
            "backend",
            "listener",
            "resumed",
            "zone",
            "action",
            "direction",
            "initiator",
            "code",
            "phase",
            "status",
            "reason",
            "cause",
            "failure",
            "outcome",
            "source",
            "state",
            "port",
            "place",
            "budget");

    private final PrometheusMetrics metrics = new PrometheusMetrics();
    private final Drops drops = new Drops();
    private final Failures failures = new Failures();

    /** Everything that can be counted has been counted once. */
    @BeforeEach
    void count() throws Exception {
        metrics.configApplied(1, 0, Set.of(new BackendName("apps/chat", "service/chat:ws")));
        metrics.configRefused(RefusedConfig.INVALID);
        metrics.watchAdmin("admin", drops);
        metrics.watchFailures(failures);
        metrics.watchMemory(MemoryPlan.ofProcess().budgets());
        metrics.tlsEstablished("wss", true);
        metrics.certificates(Map.of("wss", Instant.now().plus(Duration.ofDays(30))));
        metrics.clientConnected();
        metrics.refused(RefusalReason.NO_ROUTE, 404, "");
        metrics.accessReported("apps/chat", RefusalReason.ORIGIN_DENIED);
        metrics.authorizationChecked(
                "apps/chat", AuthorizationOutcome.FAILED_OPEN, "too_slow", AuthorizationSource.SERVICE, 2_000_000_000);
        metrics.exchangeEnded("apps/chat", "service/chat:ws", 200, 1_000_000);
        metrics.connectFailed("apps/chat", "service/chat:ws", new EndpointKey("pod-77", 4711));
        metrics.backendTlsEstablished("apps/chat", "service/chat:ws", false);
        metrics.zoneChosen("apps/chat", "service/chat:ws", ZoneRelation.OTHER);
        metrics.backendTlsFailed("apps/chat", "service/chat:ws", BackendTlsFailure.UNTRUSTED);
        TunnelMeter tunnel =
                metrics.tunnelOpened("apps/chat", "service/chat:ws", new HandshakeTimes(3_000_000, 4_000_000));
        tunnel.relayed(Direction.CLIENT_TO_BACKEND, 1, 10);
        tunnel.readingPaused(Direction.CLIENT_TO_BACKEND);
        tunnel.rateExceeded(RateAction.Pause);
        for (TunnelOutcome end : TunnelOutcome.values()) {
            tunnel.ended(end, 4711, null);
        }
        DefaultEventExecutorGroup loop = new DefaultEventExecutorGroup(1);
        metrics.watchLoops(loop);
        Awaitility.await().until(() -> metrics.scrape().contains("wsroute_event_loop_lag_seconds_count 1"));
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).await();
    }

    @Test
    void itIsWellFormed() {
        Map<String, Family> families = Exposition.parse(metrics.scrape()).families();

        assertThat(families).containsKeys("wsroute_connections", "wsroute_handshake_seconds", "wsroute_refusals_total");
        families.forEach((name, family) -> {
            assertThat(family.help()).as(name).isNotBlank();
            assertThat(family.samples()).as(name).isNotEmpty();
        });
    }

    @Test
    void namesTellKindAndUnit() {
        Exposition.parse(metrics.scrape()).families().forEach((name, family) -> {
            assertThat(name).matches("(wsroute|process|jvm)_[a-z_]+");
            assertThat(name.endsWith("_total")).as(name).isEqualTo(family.type().equals("counter"));
            assertThat(name).doesNotContain("_milli").doesNotContain("_nanos").doesNotContain("_kilo");
        });
    }

    @Test
    void bucketsGrowUpToTheCount() {
        Family handshakes = Exposition.parse(metrics.scrape()).families().get("wsroute_handshake_seconds");
        List<Sample> connect = handshakes.samples().stream()
                .filter(sample -> "connect".equals(sample.labels().get("phase")))
                .toList();
        List<Double> buckets = connect.stream()
                .filter(sample -> sample.name().endsWith("_bucket"))
                .map(Sample::value)
                .toList();

        assertThat(handshakes.type()).isEqualTo("histogram");
        assertThat(buckets)
                .isSorted()
                .hasSizeGreaterThan(10)
                .startsWith(0.0, 0.0, 1.0)
                .endsWith(1.0);
        assertThat(connect)
                .anySatisfy(sample -> assertThat(sample)
                        .isEqualTo(new Sample("wsroute_handshake_seconds_sum", sample.labels(), 0.003)));
    }

    @Test
    void noLabelNamesAnEndpointAClientOrWhatPeersMadeUp() {
        Exposition.parse(metrics.scrape()).families().forEach((name, family) -> {
            assertThat(LABELS).as(name).containsAll(family.labels());
            assertThat(family.samples())
                    .as(name)
                    .allSatisfy(sample -> assertThat(
                                    String.join(" ", sample.labels().values()))
                            .doesNotContain("pod-77", "4711", "10.0.0.1"));
        });
    }

    @Test
    void theGuideListsEveryMetricWithItsLabelsAndNoneBesides() throws IOException {
        Map<String, Set<String>> shown = new TreeMap<>();
        Exposition.parse(metrics.scrape())
                .families()
                .forEach((name, family) -> shown.put(name.replaceAll("_max$", ""), new TreeSet<>(family.labels())));

        assertThat(guide()).isEqualTo(shown);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../docs/operations.md", "../deploy/dashboards/wsroute.json"})
    void everyQueryAsksForAMetricThatThereIsByLabelsThatItHas(String file) throws IOException {
        Map<String, Set<String>> samples = new TreeMap<>();
        Exposition.parse(metrics.scrape())
                .families()
                .values()
                .forEach(family -> family.samples()
                        .forEach(sample -> samples.computeIfAbsent(sample.name(), any -> new TreeSet<>())
                                .addAll(sample.labels().keySet())));
        Pattern query = Pattern.compile("\\b((?:wsroute|process|jvm)_[a-z_]+)(?:\\{([^}]*)})?(?=[\\[) ,}]|\\\\?\"|$)");
        Pattern label = Pattern.compile("([a-z]+)=");
        int queries = 0;
        for (String line : Files.readAllLines(Path.of(file))) {
            if (!line.matches("    .*|\\| `.*\\b(rate|sum|max)\\(.*|\\| `[a-z_ /]+ > .*")
                    || line.contains("wsroute_operator_")) {
                continue;
            }
            Matcher asked = query.matcher(line);
            while (asked.find()) {
                queries++;
                assertThat(samples).as(line).containsKey(asked.group(1));
                Matcher by = label.matcher(asked.group(2) == null ? "" : asked.group(2));
                while (by.find()) {
                    assertThat(samples.get(asked.group(1))).as(line).contains(by.group(1));
                }
            }
        }
        assertThat(queries).isGreaterThan(10);
    }

    private static Map<String, Set<String>> guide() throws IOException {
        Pattern name = Pattern.compile("`((?:wsroute|process|jvm)_[a-z_]+)`");
        String table = Files.readString(GUIDE);
        table = table.substring(table.indexOf("| metric of a proxy |"));
        table = table.substring(0, table.indexOf("\n\n"));
        Map<String, Set<String>> listed = new TreeMap<>();
        for (String row : table.split("\n")) {
            String[] cells = row.split("\\|", -1);
            Set<String> labels = Arrays.stream(cells[2].split(","))
                    .map(String::trim)
                    .filter(label -> !label.isEmpty())
                    .collect(Collectors.toCollection(TreeSet::new));
            Matcher names = name.matcher(cells[1]);
            while (names.find()) {
                assertThat(listed.put(names.group(1), labels)).as(row).isNull();
                assertThat(cells[3])
                        .as("what the guide says of " + names.group(1))
                        .isNotBlank();
            }
        }
        return listed;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a 1\n",
                "# HELP a b\na 1\n",
                "# TYPE a gauge\na 1\n",
                "# HELP a b\n# TYPE a gauge\na 1\na 2\n",
                "# HELP a b\n# TYPE a gauge\nb 1\n",
                "# HELP a b\n# TYPE a gauge\na{x=\"1\",x=\"2\"} 1\n",
                "# HELP a b\n# TYPE a gauge\na{x=1} 1\n",
                "# HELP a b\n# TYPE a gauge\na{x=\"\"\"} 1\n",
                "# HELP a b\n# TYPE a gauge\na 1"
            })
    void theReaderOfThisTestIsStrict(String wrong) {
        assertThatThrownBy(() -> Exposition.parse(wrong)).isInstanceOf(AssertionError.class);
    }
}
