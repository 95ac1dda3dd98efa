// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.limits;

import dev.wsroute.config.Durations;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The keys of the ConfigMap, their defaults and the form of their values. */
enum Setting {
    images("") {
        @Override
        Optional<String> fault(String text) {
            // registry.example.com* would match registry.example.com.attacker.example/anything.
            return firstFault(
                    text,
                    word -> isPattern(word) && (!word.endsWith("*") || word.equals("*") || word.contains("/")),
                    "an image, or the beginning of one with at least its registry, a slash and a * at its end");
        }
    },
    serviceTypes("ClusterIP") {
        @Override
        Optional<String> fault(String text) {
            return firstFault(
                    text,
                    Set.of("ClusterIP", "NodePort", "LoadBalancer", "*")::contains,
                    "ClusterIP, NodePort, LoadBalancer or *");
        }
    },
    serviceAnnotations(""),
    podLabels(""),
    podAnnotations(""),
    priorityClasses(""),
    /** These two every pod tolerates for a while. */
    tolerations("node.kubernetes.io/not-ready node.kubernetes.io/unreachable"),
    nodeLabels("kubernetes.io/os kubernetes.io/arch topology.kubernetes.io/region topology.kubernetes.io/zone"),
    podAffinity("Restricted", "Restricted") {
        @Override
        Optional<String> fault(String text) {
            return Set.of("Restricted", UNRESTRICTED).contains(text)
                    ? Optional.empty()
                    : mustBe("Restricted or Unrestricted", text);
        }
    },
    maxReplicas("10", "0") {
        @Override
        Optional<String> fault(String text) {
            return text.matches("[0-9]{1,4}") ? Optional.empty() : mustBe("a number of at most four digits", text);
        }
    },
    maxResources("cpu=4 memory=4Gi ephemeral-storage=1Gi") {
        @Override
        Optional<String> fault(String text) {
            return firstFault(
                    text,
                    word -> {
                        String amount = word.substring(word.indexOf('=') + 1);
                        return word.indexOf('=') > 0
                                && (amount.equals(Maxima.ANY)
                                        || Maxima.amount(amount).isPresent());
                    },
                    "a resource and its maximum, such as memory=4Gi or memory=*");
        }
    },
    maxDrain("1h", "0s") {
        @Override
        Optional<String> fault(String text) {
            return text.matches(Durations.PATTERN) ? Optional.empty() : mustBe("a duration such as 90s or 1h", text);
        }
    };

    static final String UNRESTRICTED = "Unrestricted";

    private final String absent;
    private final String nothing;

    /** Words: without any, nothing is allowed. */
    Setting(String absent) {
        this(absent, "");
    }

    Setting(String absent, String nothing) {
        this.absent = absent;
        this.nothing = nothing;
    }

    /** What holds if the ConfigMap does not have the key. */
    String absent() {
        return absent;
    }

    /** The value that allows the least. */
    String nothing() {
        return nothing;
    }

    /** What is wrong with a value, as the end of a sentence. */
    Optional<String> fault(String text) {
        return firstFault(text, Setting::isPattern, "a word with at most one *, at its end");
    }

    static Optional<Setting> named(String key) {
        return Stream.of(values()).filter(setting -> setting.name().equals(key)).findFirst();
    }

    static List<String> names() {
        return Stream.of(values()).map(Setting::name).toList();
    }

    private static boolean isPattern(String word) {
        int star = word.indexOf('*');
        return star < 0 || star == word.length() - 1;
    }

    private static Optional<String> firstFault(String text, Predicate<String> fits, String expected) {
        return Patterns.of(text).words().stream()
                .filter(fits.negate())
                .findFirst()
                .flatMap(word -> mustBe(expected, word));
    }

    private static Optional<String> mustBe(String expected, String got) {
        return Optional.of("must be " + expected + ", got \"" + got + "\"");
    }
}
