// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.metrics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Prometheus's text format 0.0.4, read strictly: every family has HELP and TYPE, once and before its samples, all samples
 * of a family are adjacent, names and labels are well-formed, and no sample is repeated.
 */
record Exposition(Map<String, Family> families) {

    private static final Pattern COMMENT = Pattern.compile("# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)");
    private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? (\\S+)");
    private static final Pattern LABEL =
            Pattern.compile("\\G([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\]|\\\\[\"n\\\\])*)\"(?:,|$)");

    record Sample(String name, Map<String, String> labels, double value) {}

    record Family(String help, String type, List<Sample> samples) {

        /** Of all its samples, without those of buckets. */
        Set<String> labels() {
            Set<String> labels = new LinkedHashSet<>();
            samples.forEach(sample -> labels.addAll(sample.labels().keySet()));
            labels.remove("le");
            return labels;
        }
    }

    /** @throws AssertionError that names the first line that is wrong */
    static Exposition parse(String text) {
        check(text.endsWith("\n"), "the last line has no end");
        Map<String, Family> families = new LinkedHashMap<>();
        Set<String> seen = new LinkedHashSet<>();
        String current = "";
        String help = "";
        for (String line : text.split("\n")) {
            Matcher comment = COMMENT.matcher(line);
            if (comment.matches()) {
                String name = comment.group(2);
                if (comment.group(1).equals("HELP")) {
                    check(!families.containsKey(name), "twice or torn apart: " + line);
                    current = name;
                    help = comment.group(3);
                } else {
                    check(name.equals(current), "no HELP before: " + line);
                    check(Set.of("counter", "gauge", "histogram", "summary").contains(comment.group(3)), line);
                    families.put(name, new Family(help, comment.group(3), new ArrayList<>()));
                }
                continue;
            }
            Matcher sample = SAMPLE.matcher(line);
            check(sample.matches(), "neither comment nor sample: " + line);
            Family family = families.get(current);
            check(family != null, "no TYPE before: " + line);
            check(isOf(current, family.type(), sample.group(1)), "of another family than " + current + ": " + line);
            Map<String, String> labels = labels(sample.group(2));
            check(seen.add(sample.group(1) + labels), "twice: " + line);
            family.samples().add(new Sample(sample.group(1), labels, value(sample.group(3))));
        }
        return new Exposition(families);
    }

    private static boolean isOf(String family, String type, String sample) {
        return switch (type) {
            case "histogram" ->
                sample.equals(family + "_bucket") || sample.equals(family + "_count") || sample.equals(family + "_sum");
            case "summary" ->
                sample.equals(family) || sample.equals(family + "_count") || sample.equals(family + "_sum");
            default -> sample.equals(family);
        };
    }

    private static Map<String, String> labels(String text) {
        Map<String, String> labels = new TreeMap<>();
        if (text == null) {
            return labels;
        }
        Matcher label = LABEL.matcher(text);
        int end = 0;
        while (label.find()) {
            check(labels.put(label.group(1), label.group(2)) == null, "a label twice: " + text);
            end = label.end();
        }
        check(end == text.length(), "not labels: " + text);
        return labels;
    }

    private static double value(String text) {
        return text.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(text);
    }

    private static void check(boolean right, String sentence) {
        if (!right) {
            throw new AssertionError(sentence);
        }
    }
}
