// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The certificates of a listener by host. Immutable. */
final class CertificateMap {

    /** Without certificates: no handshake succeeds. */
    static final CertificateMap EMPTY = new CertificateMap(List.of());

    private final List<Slot> slots;
    private final Map<String, Slot> exact = new HashMap<>();
    /** By what follows the asterisk, such as {@code .example.com}. */
    private final Map<String, Slot> wildcards = new HashMap<>();

    /**
     * A certificate of the document. Stays the same when the certificate is renewed.
     *
     * @param source label of its source, unique in the listener
     */
    record Slot(String source, ServerContext context) {

        boolean isSameAs(@Nullable Slot other) {
            return other != null && source.equals(other.source);
        }
    }

    /** @param slots in the order of the document; where several have a name, the first wins */
    CertificateMap(List<Slot> slots) {
        this.slots = List.copyOf(slots);
        for (Slot slot : slots) {
            for (String name : slot.context().identity().names()) {
                if (name.startsWith("*.")) {
                    wildcards.putIfAbsent(name.substring(1), slot);
                } else {
                    exact.putIfAbsent(name, slot);
                }
            }
        }
    }

    List<Slot> slots() {
        return slots;
    }

    /**
     * The certificate for a host: with exactly this name, else with a wildcard for its first label (RFC 9525 §6.3), else
     * the first one.
     *
     * @param host in lower case without a trailing dot; null if unknown
     * @return null if there are no certificates
     */
    @Nullable Slot select(@Nullable String host) {
        if (host != null) {
            Slot named = exact.get(host);
            if (named != null) {
                return named;
            }
            int dot = host.indexOf('.');
            named = dot <= 0 ? null : wildcards.get(host.substring(dot));
            if (named != null) {
                return named;
            }
        }
        return slots.isEmpty() ? null : slots.get(0);
    }

    /**
     * A map for other identities, which keeps the contexts that fit.
     *
     * @param identities in the order of the document, by source
     */
    CertificateMap with(Map<String, ServerIdentity> identities, ServerTerms terms, ListenerTickets tickets) {
        Map<String, Slot> known = new HashMap<>();
        slots.forEach(slot -> known.put(slot.source(), slot));
        List<Slot> next = new ArrayList<>(identities.size());
        identities.forEach((source, identity) -> {
            Slot slot = known.get(source);
            boolean fits = slot != null
                    && slot.context().identity().equals(identity)
                    && slot.context().terms().equals(terms);
            next.add(fits ? slot : new Slot(source, new ServerContext(identity, terms, tickets)));
        });
        return new CertificateMap(next);
    }

    /** Releases the contexts that the next map does not use. */
    void releaseUnless(CertificateMap next) {
        Set<ServerContext> kept = new HashSet<>();
        next.slots.forEach(slot -> kept.add(slot.context()));
        slots.forEach(slot -> {
            if (!kept.contains(slot.context())) {
                slot.context().release();
            }
        });
    }
}
