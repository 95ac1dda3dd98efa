// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.status;

import static dev.wsroute.operator.scaling.ProxyLoad.Freshness.LEAVING;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.wsroute.config.CertificateReport;
import dev.wsroute.config.ConfigVersion;
import dev.wsroute.config.ProxyReport;
import dev.wsroute.logging.Printable;
import dev.wsroute.operator.scaling.ProxyLoad;
import dev.wsroute.operator.scaling.ProxyLoad.Freshness;
import io.fabric8.kubernetes.api.model.ConfigMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The reports of the proxies. */
public final class ProxyReports {

    private static final Logger LOG = LoggerFactory.getLogger(ProxyReports.class);

    /** The longest report, in characters; a normal one takes a few hundred. */
    private static final int MAX_REPORT = 8 * 1024;

    /** The longest reason in a status. */
    private static final int MAX_REASON = 1024;

    private static final int SPARE = 8;

    /** More than a route can have proxies. */
    private static final int MAX_REPORTS = 2000;

    /** Reports of newer proxies may have further fields. */
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final NavigableMap<String, ProxyReport> byPod;

    private ProxyReports(NavigableMap<String, ProxyReport> byPod) {
        this.byPod = byPod;
    }

    /**
     * The reports of the route's own pods; unreadable ones are ignored. A proxy that can write one report can write any
     * number, so only those of known pods and of a few more are accepted.
     *
     * @param proxy prefix of the names of the pods
     * @param desired number of replicas in the spec
     */
    public static ProxyReports in(Observation observed, String proxy, int desired) {
        ConfigMap map = observed.report();
        NavigableMap<String, ProxyReport> reports = new TreeMap<>();
        if (map == null || map.getData() == null) {
            return new ProxyReports(reports);
        }
        Map<String, String> data = map.getData();
        Set<String> known = ProxyNames.all(observed.proxies());
        Stream.concat(
                        known.stream().filter(Objects::nonNull),
                        podsWithoutEndpoint(observed, proxy).stream().limit(maxUnknown(desired)))
                .forEach(pod -> read(data.get(pod)).ifPresent(report -> reports.put(pod, report)));
        return new ProxyReports(reports);
    }

    /** All readable reports of {@code map}, at most {@value #MAX_REPORTS}. */
    public static List<ProxyReport> readable(ConfigMap map) {
        return map.getData() == null
                ? List.of()
                : map.getData().values().stream()
                        .limit(MAX_REPORTS)
                        .flatMap(text -> read(text).stream())
                        .toList();
    }

    /** Live WebSockets in {@code reports}. */
    public static long connections(List<ProxyReport> reports) {
        return reports.stream()
                .mapToLong(report -> plausible(report.connections()))
                .sum();
    }

    private static Optional<ProxyReport> read(@Nullable String text) {
        if (text == null || text.length() > MAX_REPORT) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(MAPPER.readValue(text, ProxyReport.class));
        } catch (JsonProcessingException e) {
            LOG.debug("A report cannot be read", e);
            return Optional.empty();
        }
    }

    /**
     * The load of each proxy of the route that exists or has reported.
     *
     * @param freshness of the last report, by the name of a pod that should report and the sequence number of that report
     */
    public List<ProxyLoad> loads(Observation observed, ToFreshness freshness) {
        Set<String> staying = ProxyNames.staying(observed.proxies());
        return Stream.concat(staying.stream(), byPod.keySet().stream())
                .distinct()
                .map(pod -> load(pod, byPod.get(pod), staying.contains(pod) ? freshness : (name, sequence) -> LEAVING))
                .toList();
    }

    /** Knows how old a report is. */
    @FunctionalInterface
    public interface ToFreshness {

        /** @param sequence negative if there is no report, or none with a sequence */
        Freshness of(String pod, long sequence);
    }

    private static ProxyLoad load(String pod, @Nullable ProxyReport report, ToFreshness freshness) {
        ProxyReport.Load load = report == null ? null : report.load();
        return new ProxyLoad(
                pod,
                report == null ? 0 : plausible(report.connections()),
                load == null ? 0 : plausible(load.handshakes()) + plausible(load.refused()),
                load == null || load.cpu() == null ? null : plausible(load.cpu()),
                freshness.of(pod, load == null ? -1 : load.sequence()));
    }

    /** No proxy has so many connections; the sum of all is never too large for a number. */
    private static long plausible(long reported) {
        return Math.max(0, Math.min(Integer.MAX_VALUE, reported));
    }

    /** How many of {@code pods} run {@code version}. Versions are compared by content, not by generation. */
    int running(ConfigVersion version, Set<String> pods) {
        return (int) pods.stream()
                .map(byPod::get)
                .filter(report -> report != null
                        && report.applied() != null
                        && version.hash().equals(report.applied().hash()))
                .count();
    }

    /** The reason of the first proxy that rejected {@code version}. */
    Optional<String> refusal(ConfigVersion version) {
        return byPod.entrySet().stream()
                .filter(entry -> refuses(entry.getValue(), version))
                .findFirst()
                .map(entry -> "Proxy " + entry.getKey() + " rejected the configuration: "
                        + plain(Objects.requireNonNull(entry.getValue().refused())
                                .reason()));
    }

    /** The certificates of all reports, without repetitions. */
    List<CertificateReport> certificates() {
        return byPod.values().stream()
                .flatMap(report -> report.certificates().stream())
                .distinct()
                .toList();
    }

    /** Key sets in which proxies did not find the key of a token lately, by their keys in the ConfigMap. */
    public Set<String> unknownKeys() {
        return byPod.values().stream()
                .flatMap(report -> report.unknownKeys().stream().limit(ProxyReport.MOST_UNKNOWN_KEYS))
                .collect(Collectors.toSet());
    }

    /** Makes a proxy's text one short line for the status and Events. */
    private static String plain(@Nullable String reason) {
        if (reason == null) {
            return "no reason given";
        }
        return Printable.of(reason, MAX_REASON);
    }

    private static boolean refuses(ProxyReport report, ConfigVersion version) {
        return report.refused() != null
                && (report.refused().version() == null
                        || version.hash().equals(report.refused().version().hash()));
    }

    /** How many reports of pods without an EndpointSlice are accepted, as during a roll-out. */
    public static int maxUnknown(int desired) {
        return desired + SPARE;
    }

    /**
     * Names of pods of the route that have a report but are in no EndpointSlice of the proxies.
     *
     * @param proxy prefix of the names of the pods
     */
    public static NavigableSet<String> podsWithoutEndpoint(Observation observed, String proxy) {
        NavigableSet<String> pods = keysWithoutEndpoint(observed);
        pods.removeIf(pod -> !isPodOf(proxy, pod));
        return pods;
    }

    /** Keys that are not the name of a pod of the route: only a misbehaving proxy writes them. */
    public static NavigableSet<String> keysWithoutPod(Observation observed, String proxy) {
        NavigableSet<String> keys = keysWithoutEndpoint(observed);
        keys.removeIf(pod -> isPodOf(proxy, pod));
        return keys;
    }

    private static boolean isPodOf(String proxy, String pod) {
        return pod.startsWith(proxy + "-");
    }

    private static NavigableSet<String> keysWithoutEndpoint(Observation observed) {
        if (observed.report() == null || observed.report().getData() == null) {
            return new TreeSet<>();
        }
        NavigableSet<String> keys = new TreeSet<>(observed.report().getData().keySet());
        keys.removeAll(ProxyNames.all(observed.proxies()));
        return keys;
    }
}
