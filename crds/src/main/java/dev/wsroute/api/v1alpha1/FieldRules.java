package dev.wsroute.api.v1alpha1;

import dev.wsroute.config.Durations;

/** Patterns and CEL rules that several fields share. A rule repeats its field's pattern to refuse it with a sentence. */
final class FieldRules {

    /** A label of a host name, at most 63 characters. */
    static final String DNS_LABEL = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?";

    static final String HOSTNAME = "^(\\*\\.)?" + DNS_LABEL + "(\\." + DNS_LABEL + ")*$";

    static final String HOSTNAMES_RULE = "self.all(h, h.matches(r'" + HOSTNAME + "'))";
    static final String HOSTNAMES_MESSAGE = "a hostname is a lower-case DNS name such as chat.example.com, or a"
            + " wildcard for its subdomains such as *.example.com, without scheme and port";

    static final String PATH = "^/[^?#\\s]*$";

    static final String PATH_RULE = "self.matches(r'" + PATH + "')";
    static final String PATH_MESSAGE = "a path starts with / and holds no white space, query or fragment";

    static final String NAME = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$";

    static final String NAME_RULE = "self.matches('" + NAME + "')";
    static final String NAME_MESSAGE = "a name holds lower-case letters, digits and inner hyphens only";

    /** As Kubernetes asks of the ports of containers and Services. */
    static final String PORT_NAME = "^[a-z](-?[a-z0-9])*$";

    static final String PORT_NAME_RULE = "self.matches('" + PORT_NAME + "')";
    static final String PORT_NAME_MESSAGE = "a listener's name starts with a letter, and holds lower-case letters,"
            + " digits and single inner hyphens only";

    /** By length alone: Kubernetes reckons a pattern on a number or text as if the text had no bound, and refuses it. */
    static final String CONTAINER_PORT_RULE = "!has(self.port) || type(self.port) == int || self.port.size() <= 15";

    static final String CONTAINER_PORT_MESSAGE = "the port of a podSelector is a number, or the name of a container"
            + " port, which has at most 15 characters";

    static final String LABEL_VALUE = "^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$";

    /** Longer than the longest text of {@link Durations#PATTERN}. */
    static final int DURATION_LENGTH = 32;

    static final String DURATION_RULE =
            "self.matches('" + Durations.PATTERN + "') && duration(self) <= duration('24h')";
    static final String DURATION_MESSAGE = "must be a duration such as 500ms, 15s or 1h30m, and at most 24h";

    static final String POSITIVE_DURATION_RULE = DURATION_RULE + " && duration(self) > duration('0s')";
    static final String POSITIVE_DURATION_MESSAGE =
            "must be a duration above zero such as 500ms, 15s or 1h30m, and at most 24h";

    private FieldRules() {}
}
