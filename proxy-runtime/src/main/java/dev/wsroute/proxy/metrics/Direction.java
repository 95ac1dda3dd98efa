package dev.wsroute.proxy.metrics;

/** Which way bytes flow through a tunnel. */
public enum Direction {
    CLIENT_TO_BACKEND,
    BACKEND_TO_CLIENT
}
