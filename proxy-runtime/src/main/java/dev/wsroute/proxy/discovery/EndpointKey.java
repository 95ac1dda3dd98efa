package dev.wsroute.proxy.discovery;

/**
 * What makes an endpoint the same one through all changes of the slices: the pod's UID and the port, or address and
 * port where there is no pod.
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
