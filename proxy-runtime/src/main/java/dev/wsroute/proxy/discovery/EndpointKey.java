// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.discovery;

/**
 * The identity of an endpoint across changes of the slices: pod UID and port, or address and port if there is no pod.
 *
 * @param id pod UID, or the address
 * @param port TCP port
 */
public record EndpointKey(String id, int port) {

    @Override
    public String toString() {
        return id + ":" + port;
    }
}
