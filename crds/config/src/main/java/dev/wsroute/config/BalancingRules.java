package dev.wsroute.config;

import dev.wsroute.config.RuleConfig.LoadBalancing;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What must hold of how a rule chooses endpoints, and of what it asks of connections. */
final class BalancingRules {

    private static final int MAX_COOKIE_NAME = 64;
    private static final int MAX_RETRIES = 100;
    private static final long MAX_MESSAGE = 1L << 40;
    private static final Duration MAX_SESSION = Duration.ofDays(365);
    private static final Duration LEAST_PING = Duration.ofSeconds(1);

    private final Problems problems;

    BalancingRules(Problems problems) {
        this.problems = problems;
    }

    void check(String path, RuleConfig rule) {
        balancing(path + ".loadBalancing", rule.loadBalancing());
        session(path + ".sessionPersistence", rule.sessionPersistence());
        connections(path + ".connections", rule.connections());
        problems.between(path + ".connectRetries", rule.connectRetries(), 0, MAX_RETRIES);
    }

    private void balancing(String path, LoadBalancing balancing) {
        problems.duration(path + ".slowStart", balancing.slowStart());
        if (balancing.type() != LoadBalancing.Type.LeastConnections
                && !balancing.slowStart().isZero()) {
            problems.add(path + ".slowStart", "goes with type LeastConnections only");
        }
        ConsistentHash hash = balancing.consistentHash();
        if ((hash != null) != (balancing.type() == LoadBalancing.Type.ConsistentHash)) {
            problems.add(
                    path + ".consistentHash",
                    hash == null ? "is required with type ConsistentHash" : "goes with type ConsistentHash only");
        }
        if (hash != null) {
            hash(path + ".consistentHash", hash);
        }
    }

    private void hash(String path, ConsistentHash hash) {
        String name = hash.name();
        if (hash.type() == ConsistentHash.Type.ClientIP) {
            if (name != null) {
                problems.add(path + ".name", "does not go with type ClientIP");
            }
        } else if (name == null) {
            problems.add(path + ".name", "is required with type " + hash.type());
        } else if (hash.type() == ConsistentHash.Type.QueryParam) {
            if (name.isEmpty() || name.length() > RequestRules.MAX_NAME) {
                problems.add(
                        path + ".name",
                        "must have 1 to " + RequestRules.MAX_NAME + " characters, got " + name.length());
            }
        } else if (!HttpNames.isToken(name, RequestRules.MAX_NAME)) {
            problems.add(path + ".name", "must be letters, digits and some of !#$%&'*+-.^_`|~, got \"" + name + "\"");
        }
    }

    private void session(String path, @Nullable SessionPersistence session) {
        if (session == null) {
            return;
        }
        if (!HttpNames.isToken(session.cookieName(), MAX_COOKIE_NAME)) {
            problems.add(
                    path + ".cookieName",
                    "must be at most " + MAX_COOKIE_NAME + " letters, digits and some of !#$%&'*+-.^_`|~, got \""
                            + session.cookieName() + "\"");
        }
        problems.positiveDuration(path + ".absoluteTimeout", session.absoluteTimeout(), MAX_SESSION);
        if (session.sameSite() == SessionPersistence.SameSite.None
                && session.secure() != SessionPersistence.Secure.Always) {
            problems.add(path + ".sameSite", "None needs secure: Always, since browsers drop such a cookie otherwise");
        }
    }

    private void connections(String path, ConnectionRules connections) {
        problems.between(path + ".maxMessageBytes", connections.maxMessageBytes(), 1, MAX_MESSAGE);
        problems.positiveDuration(path + ".maxAge", connections.maxAge());
        problems.between(path + ".maxAgeJitterPercent", connections.maxAgeJitterPercent(), 0, 100);
        Duration ping = connections.pingInterval();
        problems.duration(path + ".pingInterval", ping);
        if (ping != null && ping.compareTo(LEAST_PING) < 0) {
            problems.add(
                    path + ".pingInterval",
                    "must be at least " + Durations.format(LEAST_PING) + ", got " + Durations.format(ping));
        }
    }
}
