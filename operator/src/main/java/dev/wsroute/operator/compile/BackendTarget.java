package dev.wsroute.operator.compile;

/**
 * Where a backend's endpoints are found.
 *
 * @param rule the rule that names it
 * @param name such as {@code service/chat:ws}
 * @param service the Service whose EndpointSlices hold them, in the route's namespace
 * @param portName the port's name in the slices, empty for an unnamed one
 * @param weight share of new connections; 0 takes none
 */
public record BackendTarget(String rule, String name, String service, String portName, int weight) {}
