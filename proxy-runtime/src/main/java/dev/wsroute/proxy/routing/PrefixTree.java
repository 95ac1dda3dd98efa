// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.routing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A tree of path prefixes by segment. A look-up takes one step per segment, however many prefixes there are, and at
 * most as many steps as the longest prefix has segments.
 */
final class PrefixTree {

    private final Node root = new Node(null);

    private static final class Node {
        private final @Nullable Node parent;
        private final Map<String, Node> children = new HashMap<>();
        private final List<Candidate> candidates = new ArrayList<>();

        Node(@Nullable Node parent) {
            this.parent = parent;
        }

        void order() {
            candidates.sort(Candidate.MOST_SPECIFIC_FIRST);
            children.values().forEach(Node::order);
        }
    }

    /** @param prefix a trailing slash is ignored */
    void add(String prefix, Candidate candidate) {
        String path = TargetRewrite.withoutSlash(prefix);
        Node node = root;
        for (int start = 0; start < path.length(); start = segmentEnd(path, start)) {
            Node parent = node;
            String segment = path.substring(start + 1, segmentEnd(path, start));
            node = parent.children.computeIfAbsent(segment, absent -> new Node(parent));
        }
        node.candidates.add(candidate);
    }

    /** Call after all prefixes are added. */
    void order() {
        root.order();
    }

    /** The rule of the longest prefix with a matching candidate. */
    @Nullable ActiveRule find(RequestFacts request) {
        String path = request.path();
        if (!path.isEmpty() && path.charAt(0) != '/') {
            // OPTIONS *
            return null;
        }
        for (Node node = deepest(path); node != null; node = node.parent) {
            ActiveRule rule = Candidate.first(node.candidates, request);
            if (rule != null) {
                return rule;
            }
        }
        return null;
    }

    private Node deepest(String path) {
        Node node = root;
        int start = 0;
        while (start < path.length() && !node.children.isEmpty()) {
            int end = segmentEnd(path, start);
            Node child = node.children.get(path.substring(start + 1, end));
            if (child == null) {
                break;
            }
            node = child;
            start = end;
        }
        return node;
    }

    /** @param start index of the slash before the segment */
    private static int segmentEnd(String path, int start) {
        int slash = path.indexOf('/', start + 1);
        return slash < 0 ? path.length() : slash;
    }
}
