// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.api.v1alpha1;

import dev.wsroute.config.Durations;

/** Patterns and CEL rules of fields that only the custom resource has. A rule repeats the pattern of its field to give a readable message. */
final class FieldRules {

    static final String NAME = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$";

    static final String NAME_RULE = "self.matches('" + NAME + "')";

    static final String NAME_MESSAGE = "a name may contain only lower-case letters, digits and inner hyphens";

    static final String NAMESPACE_MESSAGE = "a namespace may contain only lower-case letters, digits and inner hyphens";

    /** The rule of Kubernetes for ports of containers and Services. */
    static final String PORT_NAME = "^[a-z](-?[a-z0-9])*$";

    static final String PORT_NAME_RULE = "self.matches('" + PORT_NAME + "')";

    static final String PORT_NAME_MESSAGE = "a listener's name must start with a letter, and may contain only"
            + " lower-case letters, digits and single inner hyphens";

    /**
     * On the list itself and not on the enclosing object: if a stored list violates a new rule, Kubernetes still accepts
     * changes of other fields, so the route can still be scaled.
     */
    static final String LISTENER_PORTS_RULE = "self.all(l, self.exists_one(m, m.port == l.port))";

    static final String LISTENER_PORTS_MESSAGE = "each listener needs its own port";

    /** {@link dev.wsroute.config.ProxyPorts}. */
    static final String LISTENER_PORT_RULE = "self.all(l, !(l.port in [9901, 9902]))";

    static final String LISTENER_PORT_MESSAGE = "ports 9901 and 9902 are reserved for metrics and probes of the proxy";

    static final String REDIRECT_RULE = "self.all(l, !has(l.tls) || !has(l.tls.redirectFrom)"
            + " || self.exists(m, m.name == l.tls.redirectFrom && (!has(m.protocol) || m.protocol == 'HTTP')))";

    static final String REDIRECT_MESSAGE = "tls.redirectFrom must be the name of a listener with protocol HTTP";

    static final String ONE_REDIRECT_RULE = "self.all(l, !has(l.tls) || !has(l.tls.redirectFrom)"
            + " || self.exists_one(m, has(m.tls) && has(m.tls.redirectFrom) && m.tls.redirectFrom == l.tls.redirectFrom))";

    static final String ONE_REDIRECT_MESSAGE =
            "tls.redirectFrom must be unique: a listener can redirect to one other only";

    static final String CERTIFICATES_RULE = "self.all(c, self.exists_one(d, d.name == c.name))";

    static final String CERTIFICATES_MESSAGE = "each Secret may be named once";

    static final String CA_CERTIFICATES_RULE = "self.all(c, self.exists_one(d, d.kind == c.kind && d.name == c.name))";

    static final String CA_CERTIFICATES_MESSAGE = "each ConfigMap or Secret may be named once";

    /** By length only: for a field that is a number or text, Kubernetes estimates the cost of a pattern as if the text were unbounded, and rejects it. */
    static final String CONTAINER_PORT_RULE = "!has(self.port) || type(self.port) == int || self.port.size() <= 15";

    static final String CONTAINER_PORT_MESSAGE =
            "the port of a podSelector must be a number, or the name of a" + " container port of at most 15 characters";

    /** {@link dev.wsroute.config.ProxyPorts}, with leading zeros, which a quoted number may have. */
    static final String BACKEND_PORT_RULE = "!has(self.port) || (type(self.port) == int"
            + " ? !(self.port in [9901, 9902]) : !self.port.matches('^0*990[12]$'))";

    static final String BACKEND_PORT_MESSAGE = "ports 9901 and 9902 are reserved for metrics and probes of the proxies";

    static final String BACKEND_HOSTNAME_RULE = "!has(self.podSelector) || !has(self.tls) || has(self.tls.hostname)";

    static final String BACKEND_HOSTNAME_MESSAGE =
            "tls needs hostname with podSelector, since there is no Service whose name it could be";

    /** A reserved word of CEL, which Kubernetes escapes in the names of fields. */
    static final String BACKEND_NAMESPACE_RULE = "!has(self.__namespace__) || has(self.service)";

    static final String BACKEND_NAMESPACE_MESSAGE =
            "namespace is only allowed with service: a podSelector selects pods in the route's namespace";

    static final String REPLICAS_RULE = "!has(self.autoscaling) || !has(self.replicas) || self.replicas == 2";

    /** The API server fills in the default, so the default value cannot be told from an absent one. */
    static final String REPLICAS_MESSAGE =
            "replicas must be absent with autoscaling: the operator then decides how many"
                    + " proxies run, and nobody else, such as a HorizontalPodAutoscaler, can scale the route";

    static final String TARGET_RULE = "!has(self.autoscaling) || !has(self.limits)"
            + " || !has(self.limits.connectionsPerProxy)"
            + " || self.autoscaling.connectionsPerProxy <= self.limits.connectionsPerProxy";

    static final String TARGET_MESSAGE = "autoscaling.connectionsPerProxy must not be greater than"
            + " limits.connectionsPerProxy, at which a proxy refuses clients";

    static final String CPU_RULE =
            "!has(self.autoscaling) || !has(self.autoscaling.cpuUtilization) || !has(self.resources)"
                    + " || (has(self.resources.requests) && 'cpu' in self.resources.requests)"
                    + " || (has(self.resources.limits) && 'cpu' in self.resources.limits)";

    static final String CPU_MESSAGE =
            "resources must have requests.cpu with autoscaling.cpuUtilization, which is a percentage of it";

    static final String AFTER_RULE = "self.matches('" + Durations.PATTERN + "')"
            + " && duration(self) <= duration('24h') && duration(self) >= duration('1s')";

    static final String AFTER_MESSAGE = "must be a duration such as 500ms, 15s or 1h30m, at least 1s and at most 24h";

    static final String STALE_FOR_RULE = "self.matches('" + Durations.PATTERN + "')"
            + " && duration(self) <= duration('720h') && duration(self) >= duration('5m')";

    static final String STALE_FOR_MESSAGE =
            "must be a duration such as 500ms, 15s or 1h30m, at least 5m and at most 720h";

    static final String KEYS_RULE = "has(self.keyRefs) != has(self.jwks)";

    static final String KEYS_MESSAGE = "needs either keyRefs or jwks";

    static final String LABEL_VALUE = "^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$";

    private FieldRules() {}
}
