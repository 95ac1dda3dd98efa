package dev.wsroute.config;

/** The ports that every proxy pod reserves for itself. Neither a route's listener nor a backend may use them. */
public final class ProxyPorts {

    /** For people and metrics: {@code /config}, {@code /connections}, {@code /metrics}. */
    public static final int ADMIN = 9901;

    /** For the kubelet: {@code /livez}, {@code /readyz}. */
    public static final int PROBES = 9902;

    private ProxyPorts() {}

    /** Whether a port is one of these. */
    public static boolean isReserved(int port) {
        return port == ADMIN || port == PROBES;
    }
}
