package dev.wsroute.proxy.metrics;

/**
 * What metrics of the data plane are told apart by.
 *
 * @param route {@code namespace/name}
 * @param backend such as {@code service/chat:ws}
 */
public record BackendName(String route, String backend) {}
