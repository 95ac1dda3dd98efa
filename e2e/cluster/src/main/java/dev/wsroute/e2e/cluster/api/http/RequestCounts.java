// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.http;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;

/**
 * Counts requests by program (User-Agent), verb and resource since the start of the API server, including refused
 * requests.
 */
public final class RequestCounts {

    private final Map<Request, LongAdder> counts = new ConcurrentHashMap<>();

    /**
     * The key of a count.
     *
     * @param program the User-Agent up to its first slash
     * @param verb as RBAC names it: get, list, watch, create, update, patch, delete, deletecollection
     * @param resource with its subresource, such as {@code websocketroutes/status}
     */
    public record Request(String program, String verb, String resource) {

        /** Whether such requests may change something. */
        public boolean writes() {
            return !verb.equals("get") && !verb.equals("list") && !verb.equals("watch");
        }
    }

    /** Counts one request. */
    public void count(Request request) {
        counts.computeIfAbsent(request, key -> new LongAdder()).increment();
    }

    /** All counts so far. */
    public Snapshot snapshot() {
        Map<Request, Long> now = new ConcurrentHashMap<>();
        counts.forEach((request, count) -> now.put(request, count.sum()));
        return new Snapshot(Map.copyOf(now));
    }

    /**
     * A snapshot of the counts.
     *
     * @param counts without zeros
     */
    public record Snapshot(Map<Request, Long> counts) {

        /** The counts since {@code earlier}. */
        public Snapshot since(Snapshot earlier) {
            Map<Request, Long> more = new ConcurrentHashMap<>();
            counts.forEach((request, count) -> {
                long added = count - earlier.counts().getOrDefault(request, 0L);
                if (added > 0) {
                    more.put(request, added);
                }
            });
            return new Snapshot(Map.copyOf(more));
        }

        /** The sum of the selected counts. */
        public long sum(Predicate<Request> selected) {
            return counts.entrySet().stream()
                    .filter(entry -> selected.test(entry.getKey()))
                    .mapToLong(Map.Entry::getValue)
                    .sum();
        }

        /** The counts of one program by "verb resource", in alphabetical order. */
        public Map<String, Long> of(String program, Predicate<Request> selected) {
            Map<String, Long> sorted = new TreeMap<>();
            counts.forEach((request, count) -> {
                if (request.program().equals(program) && selected.test(request)) {
                    sorted.put(request.verb() + " " + request.resource(), count);
                }
            });
            return sorted;
        }
    }
}
