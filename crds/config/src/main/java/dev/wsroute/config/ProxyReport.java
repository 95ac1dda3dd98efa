// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The report of a proxy, as JSON under the name of its pod in the report ConfigMap.
 *
 * @param applied the version that it runs; absent before the first one
 * @param refused the newer version that it rejected; absent if it applied the latest one
 * @param connections live WebSocket connections
 * @param certificates of its listeners, the most urgent first: at most {@value CertificateReport#MOST}
 * @param load what an autoscaler and the other proxies have to know; absent unless the configuration has {@code reports}
 * @param unknownKeys fetched key sets in which the key of a token was not found lately, by their keys in the ConfigMap; at most
 *     {@value #MOST_UNKNOWN_KEYS}
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ProxyReport(
        @Nullable ConfigVersion applied,
        @Nullable Refusal refused,
        long connections,
        List<CertificateReport> certificates,
        @Nullable Load load,
        List<String> unknownKeys) {

    /** Maximum number of key sets in a report. */
    public static final int MOST_UNKNOWN_KEYS = 16;

    public ProxyReport {
        certificates = Defaults.list(certificates);
        unknownKeys = Defaults.list(unknownKeys);
    }

    /** A report without unknown keys. */
    public ProxyReport(
            @Nullable ConfigVersion applied,
            @Nullable Refusal refused,
            long connections,
            List<CertificateReport> certificates,
            @Nullable Load load) {
        this(applied, refused, connections, certificates, load, List.of());
    }

    /** A report without load. */
    public ProxyReport(
            @Nullable ConfigVersion applied,
            @Nullable Refusal refused,
            long connections,
            List<CertificateReport> certificates) {
        this(applied, refused, connections, certificates, null);
    }

    /** A report of a proxy without certificates. */
    public ProxyReport(@Nullable ConfigVersion applied, @Nullable Refusal refused, long connections) {
        this(applied, refused, connections, List.of());
    }

    /**
     * Clients that a proxy has no WebSocket for yet, and the proof that it is alive.
     *
     * @param sequence increases with each report of the process; a reader that sees it change needs no common clock
     * @param handshakes upgrades in progress
     * @param refused upgrades and connections that its limits have refused since the report before
     * @param cpu that the process used in the last minute, in thousandths of a core; absent in its first two minutes
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Load(
            long sequence,
            long handshakes,
            long refused,
            @Nullable Long cpu) {}

    /**
     * @param version the rejected version; absent if it could not be read
     * @param reason one sentence with the path of the field
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Refusal(@Nullable ConfigVersion version, String reason) {}
}
