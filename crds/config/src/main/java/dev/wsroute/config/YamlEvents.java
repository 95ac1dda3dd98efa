// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionEndEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * The events of a YAML document, with each alias replaced by the node of its anchor (YAML 1.1, 3.2.2.2). Jackson would read an
 * alias as text, its own name, and a value with an unknown tag as text, too; such tags are rejected.
 */
final class YamlEvents extends ParserImpl {

    /** Size of an event in addition to its text. */
    private static final int EVENT = 8;

    private static final int LONGEST_NAME = 80;
    private static final String YAMLS_OWN = "tag:yaml.org,2002:";
    private static final Set<String> KNOWN_TAGS =
            Set.of("!", "!!str", "!!int", "!!float", "!!bool", "!!null", "!!seq", "!!map", "!!merge");

    private final int maxAdded;
    private final Map<String, Anchored> anchors = new HashMap<>();
    /** The anchors of the open collections. */
    private final Deque<Collection> open = new ArrayDeque<>();

    private int openAnchors;
    /** Events of anchored nodes, without aliases. */
    private final List<Event> recorded = new ArrayList<>();

    private int next;
    private int replayedTo;
    private long added;

    /** An anchored node: a range of {@link #recorded}, without an end while the node is open. */
    private static final class Anchored {
        private final int from;
        private int to = -1;

        Anchored(int from) {
            this.from = from;
        }
    }

    private record Collection(@Nullable Anchored anchored) {}

    /** @param maxAdded maximum number of characters that all aliases together may add, so that a few lines cannot expand to gigabytes */
    YamlEvents(StreamReader text, int maxAdded) {
        super(text, new LoaderOptions());
        this.maxAdded = maxAdded;
    }

    @Override
    public @Nullable Event getEvent() {
        if (next < replayedTo) {
            return recorded.get(next++);
        }
        Event event = super.getEvent();
        if (event instanceof AliasEvent alias) {
            replay(alias);
            return recorded.get(next++);
        }
        if (event instanceof NodeEvent node) {
            begun(node);
        } else if (event instanceof CollectionEndEvent) {
            ended(event);
        }
        return event;
    }

    private void begun(NodeEvent node) {
        checkTag(node);
        Anchored anchored = null;
        if (node.getAnchor() != null) {
            anchored = new Anchored(recorded.size());
            anchors.put(node.getAnchor(), anchored);
        }
        if (anchored != null || openAnchors > 0) {
            recorded.add(node);
        }
        if (node instanceof CollectionStartEvent) {
            open.push(new Collection(anchored));
            openAnchors += anchored == null ? 0 : 1;
        } else if (anchored != null) {
            anchored.to = recorded.size();
        }
    }

    private void ended(Event end) {
        if (openAnchors > 0) {
            recorded.add(end);
        }
        Anchored anchored = open.pop().anchored();
        if (anchored != null) {
            anchored.to = recorded.size();
            openAnchors--;
        }
    }

    private void replay(AliasEvent alias) {
        Anchored named = anchors.get(alias.getAnchor());
        if (named == null || named.to < 0) {
            throw refused("The alias *" + Problem.shortened(alias.getAnchor(), LONGEST_NAME) + place(alias)
                    + (named == null ? " has no anchor before it" : " stands within what it names"));
        }
        for (int i = named.from; i < named.to; i++) {
            Event event = recorded.get(i);
            added += EVENT
                    + (event instanceof ScalarEvent scalar ? scalar.getValue().length() : 0);
            if (added > maxAdded) {
                throw refused("The aliases of the document stand for more than " + maxAdded + " bytes");
            }
            if (openAnchors > 0) {
                // The alias is part of another anchored node.
                recorded.add(event);
            }
        }
        next = named.from;
        replayedTo = named.to;
    }

    private static void checkTag(NodeEvent node) {
        String tag = node instanceof ScalarEvent scalar
                ? scalar.getTag()
                : node instanceof CollectionStartEvent collection ? collection.getTag() : null;
        if (tag == null) {
            return;
        }
        String shown = tag.startsWith(YAMLS_OWN) ? "!!" + tag.substring(YAMLS_OWN.length()) : tag;
        if (!KNOWN_TAGS.contains(shown)) {
            throw refused("The tag " + Problem.shortened(shown, LONGEST_NAME) + place(node)
                    + " means nothing here: a document holds plain values, lists and objects");
        }
    }

    private static RefusedDocumentException refused(String sentence) {
        return new RefusedDocumentException(Problem.ofDocument(sentence));
    }

    private static String place(Event event) {
        Mark mark = event.getStartMark();
        return mark == null ? "" : " at line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1);
    }
}
