package dev.wsroute.operator.status;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.wsroute.config.ConfigVersion;
import dev.wsroute.config.ProxyReport;
import io.fabric8.kubernetes.api.model.ConfigMap;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the proxies say of themselves. */
public final class ProxyReports {

    private static final Logger LOG = LoggerFactory.getLogger(ProxyReports.class);

    /** Reports of newer proxies may hold more. */
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final NavigableMap<String, ProxyReport> byPod;

    private ProxyReports(NavigableMap<String, ProxyReport> byPod) {
        this.byPod = byPod;
    }

    /** The reports in {@code map}; one that cannot be read counts as none. */
    public static ProxyReports in(@Nullable ConfigMap map) {
        NavigableMap<String, ProxyReport> reports = new TreeMap<>();
        if (map != null && map.getData() != null) {
            map.getData().forEach((pod, text) -> read(pod, text).ifPresent(report -> reports.put(pod, report)));
        }
        return new ProxyReports(reports);
    }

    private static Optional<ProxyReport> read(String pod, String text) {
        try {
            return Optional.ofNullable(MAPPER.readValue(text, ProxyReport.class));
        } catch (JsonProcessingException e) {
            LOG.warn("The report of proxy {} cannot be read: {}", pod, e.getOriginalMessage());
            return Optional.empty();
        }
    }

    /** How many of {@code pods} run {@code version}; only the content counts, an edit that changes none of it is done. */
    int running(ConfigVersion version, Set<String> pods) {
        return (int) pods.stream()
                .map(byPod::get)
                .filter(report -> report != null
                        && report.applied() != null
                        && report.applied().hash().equals(version.hash()))
                .count();
    }

    /** Why {@code version} is refused, by the first proxy that does. */
    Optional<String> refusal(ConfigVersion version) {
        return byPod.entrySet().stream()
                .filter(entry -> refuses(entry.getValue(), version))
                .findFirst()
                .map(entry -> "Proxy " + entry.getKey() + " refuses the configuration: "
                        + Objects.requireNonNull(entry.getValue().refused()).reason());
    }

    private static boolean refuses(ProxyReport report, ConfigVersion version) {
        return report.refused() != null
                && (report.refused().version() == null
                        || report.refused().version().hash().equals(version.hash()));
    }

    /** Names of pods that reported and are in no EndpointSlice of the proxies. */
    public static Set<String> podsWithoutEndpoint(Observation observed) {
        if (observed.report() == null || observed.report().getData() == null) {
            return Set.of();
        }
        Set<String> pods = new TreeSet<>(observed.report().getData().keySet());
        pods.removeAll(Endpoints.allPods(observed.proxies()));
        return pods;
    }
}
