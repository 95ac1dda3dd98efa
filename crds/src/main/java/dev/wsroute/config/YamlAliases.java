package dev.wsroute.config;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.emitter.Emitter;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionEndEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * Replaces each alias by the node of its anchor (YAML 1.1, 3.2.2.2). Jackson reads YAML as a stream, where an alias
 * arrives as text and would silently mean its own name.
 */
final class YamlAliases {

    /** The size counted for a node in addition to its text. */
    private static final int NODE = 8;

    private final int mostAdded;
    private final List<Event> events = new ArrayList<>();
    /** Where in the events the node of an anchor is, by its name. */
    private final Map<String, Range> anchors = new HashMap<>();

    private final Set<String> unfinished = new HashSet<>();
    private long added;
    private boolean found;

    private record Range(int from, int to) {}

    /** A document whose aliases cannot be replaced; the message is a sentence. */
    static final class NotExpandedException extends IOException {

        private static final long serialVersionUID = 1;

        NotExpandedException(String message) {
            super(message);
        }
    }

    private YamlAliases(int mostAdded) {
        this.mostAdded = mostAdded;
    }

    /**
     * The document without aliases.
     *
     * @param mostAdded how many characters all aliases together may add, so that a few lines cannot become gigabytes
     */
    static String expanded(String text, int mostAdded) throws NotExpandedException {
        if (text.indexOf('*') < 0) {
            return text;
        }
        YamlAliases aliases = new YamlAliases(mostAdded);
        try {
            aliases.read(text);
            return aliases.found ? aliases.write() : text;
        } catch (YAMLException e) {
            if (aliases.found) {
                throw new NotExpandedException("The document is not valid YAML: " + firstLine(e));
            }
            // The real parser fails before an alias, too, and reports the problem better.
            return text;
        }
    }

    private void read(String text) throws NotExpandedException {
        ParserImpl parser = new ParserImpl(new StreamReader(text), new LoaderOptions());
        List<Open> open = new ArrayList<>();
        while (true) {
            Event event = parser.getEvent();
            if (event == null || event.is(Event.ID.StreamEnd)) {
                return;
            }
            if (event instanceof AliasEvent alias) {
                found = true;
                replace(alias);
            } else if (event instanceof CollectionEndEvent) {
                events.add(event);
                Open ended = open.remove(open.size() - 1);
                named(ended.anchor(), ended.from());
            } else if (event instanceof NodeEvent node) {
                int from = events.size();
                events.add(withoutAnchor(node));
                if (node instanceof ScalarEvent) {
                    named(node.getAnchor(), from);
                } else {
                    open.add(new Open(node.getAnchor(), from));
                    if (node.getAnchor() != null) {
                        unfinished.add(node.getAnchor());
                    }
                }
            } else {
                events.add(event);
            }
        }
    }

    private record Open(@Nullable String anchor, int from) {}

    private void named(@Nullable String anchor, int from) {
        if (anchor != null) {
            anchors.put(anchor, new Range(from, events.size()));
            unfinished.remove(anchor);
        }
    }

    private void replace(AliasEvent alias) throws NotExpandedException {
        String name = alias.getAnchor();
        Range range = anchors.get(name);
        if (range == null || unfinished.contains(name)) {
            throw new NotExpandedException("The alias *" + Problems.shortened(name, 80) + place(alias.getStartMark())
                    + (range == null && !unfinished.contains(name)
                            ? " has no anchor before it"
                            : " stands within what it names"));
        }
        for (int i = range.from(); i < range.to(); i++) {
            Event event = events.get(i);
            added += NODE
                    + (event instanceof ScalarEvent scalar ? scalar.getValue().length() : 0);
            if (added > mostAdded) {
                throw new NotExpandedException(
                        "The aliases of the document stand for more than " + mostAdded + " bytes");
            }
            events.add(event);
        }
    }

    private static Event withoutAnchor(NodeEvent node) {
        if (node.getAnchor() == null) {
            return node;
        }
        Mark from = node.getStartMark();
        Mark to = node.getEndMark();
        if (node instanceof ScalarEvent scalar) {
            return new ScalarEvent(
                    null, scalar.getTag(), scalar.getImplicit(), scalar.getValue(), from, to, scalar.getScalarStyle());
        }
        if (node instanceof SequenceStartEvent list) {
            return new SequenceStartEvent(null, list.getTag(), list.getImplicit(), from, to, list.getFlowStyle());
        }
        if (node instanceof MappingStartEvent object) {
            return new MappingStartEvent(null, object.getTag(), object.getImplicit(), from, to, object.getFlowStyle());
        }
        return node;
    }

    private String write() {
        DumperOptions options = new DumperOptions();
        options.setSplitLines(false);
        options.setWidth(Integer.MAX_VALUE);
        options.setAllowUnicode(true);
        StringWriter text = new StringWriter();
        Emitter emitter = new Emitter(text, options);
        try {
            for (Event event : events) {
                emitter.emit(event);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static String firstLine(YAMLException e) {
        return Problems.shortened(
                String.valueOf(e.getMessage()).lines().findFirst().orElse(""), 200);
    }

    private static String place(@Nullable Mark mark) {
        return mark == null ? "" : " at line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1);
    }
}
