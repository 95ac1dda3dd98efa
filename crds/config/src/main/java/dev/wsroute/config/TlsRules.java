// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks of TLS settings that the annotations of their fields do not cover. */
final class TlsRules {

    private final Problems problems;

    TlsRules(Problems problems) {
        this.problems = problems;
    }

    void check(List<ListenerConfig> listeners) {
        for (int i = 0; i < listeners.size() && !problems.isFull(); i++) {
            ListenerTls tls = listeners.get(i).tls();
            if (tls != null) {
                tls("listeners[" + i + "].tls", tls);
            }
        }
        redirects(listeners);
    }

    private void tls(String path, ListenerTls tls) {
        List<CertificateSource> certificates = tls.certificates();
        if (length(path + ".certificates", "certificate", certificates, ListenerTls.MAX_CERTIFICATES)) {
            Set<String> labels = new HashSet<>();
            for (int i = 0; i < certificates.size() && !problems.isFull(); i++) {
                certificate(path + ".certificates[" + i + "]", certificates.get(i), labels);
            }
        }
        ClientCertificates clients = tls.clientCertificates();
        if (clients != null) {
            caCertificates(path + ".clientCertificates.caCertificates", clients.caCertificates(), true);
        }
    }

    /** @param path of the backend */
    void check(String path, BackendConfig backend) {
        BackendTls tls = backend.tls();
        if (tls == null) {
            return;
        }
        if (tls.caCertificates() != null) {
            caCertificates(path + ".tls.caCertificates", tls.caCertificates(), false);
        }
        if (tls.clientCertificate() != null) {
            certificate(path + ".tls.clientCertificate", tls.clientCertificate(), new HashSet<>());
        }
        if (backend.tlsHostname() == null) {
            problems.add(path + ".tls", "needs hostname, since the backend has no Service whose name it could be");
        }
    }

    private void certificate(String path, CertificateSource source, Set<String> labels) {
        boolean files = source.certificateFile() != null && source.keyFile() != null;
        boolean file = source.certificateFile() != null || source.keyFile() != null;
        if (source.secret() == null ? !files : file) {
            problems.add(path, "must have either secret, or certificateFile and keyFile");
            return;
        }
        unique(path, source.label(), labels);
    }

    /** @param distinct whether a source may be given once; the API server cannot check that for each backend */
    private void caCertificates(String path, List<CaCertificateSource> sources, boolean distinct) {
        if (length(path, "CA certificate", sources, ClientCertificates.MAX_CA_CERTIFICATES)) {
            Set<String> labels = new HashSet<>();
            for (int i = 0; i < sources.size(); i++) {
                CaCertificateSource source = sources.get(i);
                String at = path + "[" + i + "]";
                int given = given(source.configMap()) + given(source.secret()) + given(source.file());
                if (given != 1) {
                    problems.add(at, "must have exactly one of configMap, secret and file, got " + given);
                } else if (distinct) {
                    unique(at, source.label(), labels);
                }
            }
        }
    }

    private void redirects(List<ListenerConfig> listeners) {
        Map<String, ListenerConfig.Protocol> protocols = new HashMap<>();
        listeners.forEach(listener -> protocols.putIfAbsent(listener.name(), listener.protocol()));
        Map<String, String> redirected = new HashMap<>();
        for (int i = 0; i < listeners.size() && !problems.isFull(); i++) {
            ListenerTls tls = listeners.get(i).tls();
            String from = tls == null ? null : tls.redirectFrom();
            if (from == null) {
                continue;
            }
            String path = "listeners[" + i + "].tls.redirectFrom";
            String earlier = redirected.putIfAbsent(from, path);
            if (protocols.get(from) != ListenerConfig.Protocol.HTTP) {
                problems.add(path, "must be the name of a listener with protocol HTTP, got \"" + from + "\"");
            } else if (earlier != null) {
                problems.add(path, "must be unique: the listener \"" + from + "\" already redirects to another");
            }
        }
    }

    /** Whether the list has 1 to {@code max} items. */
    private boolean length(String path, String item, List<?> items, int max) {
        if (items.isEmpty()) {
            problems.add(path, "must hold at least one " + item);
        } else if (items.size() > max) {
            problems.add(path, "must have at most " + max + " items, got " + items.size());
        }
        return !items.isEmpty() && items.size() <= max;
    }

    private void unique(String path, String label, Set<String> labels) {
        if (!labels.add(label)) {
            problems.add(path, "is given twice: " + label);
        }
    }

    private static int given(@Nullable Object value) {
        return value == null ? 0 : 1;
    }
}
