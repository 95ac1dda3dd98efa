// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.api.v1alpha1;

/** Patterns and CEL rules of fields that only the custom resource has. A rule repeats its field's pattern to refuse it with a sentence. */
final class FieldRules {

    static final String NAME = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$";

    static final String NAME_RULE = "self.matches('" + NAME + "')";

    static final String NAME_MESSAGE = "a name holds lower-case letters, digits and inner hyphens only";

    /** As Kubernetes asks of the ports of containers and Services. */
    static final String PORT_NAME = "^[a-z](-?[a-z0-9])*$";

    static final String PORT_NAME_RULE = "self.matches('" + PORT_NAME + "')";

    static final String PORT_NAME_MESSAGE = "a listener's name starts with a letter, and holds lower-case letters,"
            + " digits and single inner hyphens only";

    /**
     * On the list itself, and not on the object around it: Kubernetes lets a stored object with a value that a new rule
     * refuses change anywhere else, so that it can still be scaled.
     */
    static final String LISTENER_PORTS_RULE = "self.all(l, self.exists_one(m, m.port == l.port))";

    static final String LISTENER_PORTS_MESSAGE = "each listener needs a port of its own";

    /** {@link dev.wsroute.config.ProxyPorts}. */
    static final String LISTENER_PORT_RULE = "self.all(l, !(l.port in [9901, 9902]))";

    static final String LISTENER_PORT_MESSAGE = "ports 9901 and 9902 are the proxy's own, for metrics and probes";

    /** By length alone: Kubernetes reckons a pattern on a number or text as if the text had no bound, and refuses it. */
    static final String CONTAINER_PORT_RULE = "!has(self.port) || type(self.port) == int || self.port.size() <= 15";

    static final String CONTAINER_PORT_MESSAGE = "the port of a podSelector is a number, or the name of a container"
            + " port, which has at most 15 characters";

    /** {@link dev.wsroute.config.ProxyPorts}, with the zeros before them that a number in quotes may have. */
    static final String BACKEND_PORT_RULE = "!has(self.port) || (type(self.port) == int"
            + " ? !(self.port in [9901, 9902]) : !self.port.matches('^0*990[12]$'))";

    static final String BACKEND_PORT_MESSAGE =
            "ports 9901 and 9902 are the proxies' own, for metrics and probes; no backend can be there";

    static final String LABEL_VALUE = "^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$";

    private FieldRules() {}
}
