// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.discovery;

import dev.wsroute.config.UsableEndpoints;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The addresses of this process, so that the proxy never connects to itself. */
public final class OwnAddresses {

    private static final Logger LOG = LoggerFactory.getLogger(OwnAddresses.class);

    private OwnAddresses() {}

    /**
     * Which endpoints of EndpointSlices the proxy may connect to.
     *
     * @param bindAddress address of listeners that name none
     * @param ports on which this process listens
     * @param podName null outside of a pod
     * @param loopback whether endpoints may have loopback addresses
     */
    public static UsableEndpoints usableEndpoints(
            String bindAddress, Set<Integer> ports, @Nullable String podName, boolean loopback) {
        Set<InetAddress> addresses = new HashSet<>();
        InetAddress bound = NetUtil.createInetAddressFromIpAddressString(bindAddress);
        if (bound != null) {
            addresses.add(bound);
        }
        try {
            NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .forEach(addresses::add);
        } catch (SocketException e) {
            LOG.warn("Cannot list this machine's addresses; only {} is known", bindAddress, e);
        }
        Set<String> pods = podName == null ? Set.of() : Set.of(podName);
        return new UsableEndpoints(loopback, pods, addresses, ports);
    }
}
