// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.compile;

/**
 * Where to find the endpoints of a backend.
 *
 * @param rule the rule that refers to it
 * @param name for example {@code service/chat:ws}
 * @param service the Service with the EndpointSlices
 * @param portName the port's name in the slices; empty for an unnamed port
 * @param weight share of new connections; 0: none
 */
public record BackendTarget(String rule, String name, ServiceName service, String portName, int weight) {}
