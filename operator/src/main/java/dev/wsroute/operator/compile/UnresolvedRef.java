package dev.wsroute.operator.compile;

/**
 * A backend that does not exist as the route names it.
 *
 * @param reason a word for the condition
 * @param sentence names the Service or the port that is missing
 */
public record UnresolvedRef(Reason reason, String sentence) {

    /** Why it is left out. */
    public enum Reason {
        /** There is no such Service. */
        BackendNotFound,
        /** The Service has no such TCP port. */
        PortNotFound,
        /** The Service is of a kind that has no endpoints, or its port is none that a backend can have. */
        UnsupportedBackend,
        /** It stands for the route's own proxies, so that requests would go in a circle. */
        SelectsOwnProxies
    }
}
