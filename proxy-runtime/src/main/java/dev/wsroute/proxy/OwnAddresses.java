package dev.wsroute.proxy;

import dev.wsroute.config.UsableEndpoints;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The addresses of this process, so that no EndpointSlice makes it connect to itself. */
final class OwnAddresses {

    private static final Logger log = LoggerFactory.getLogger(OwnAddresses.class);

    private OwnAddresses() {}

    static UsableEndpoints usableEndpoints(ProxyOptions options) {
        Set<InetAddress> addresses = new HashSet<>();
        InetAddress bound = NetUtil.createInetAddressFromIpAddressString(options.bindAddress());
        if (bound != null) {
            addresses.add(bound);
        }
        try {
            NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .forEach(addresses::add);
        } catch (SocketException e) {
            log.warn("This machine's addresses are not known, but for {}", options.bindAddress(), e);
        }
        Set<Integer> ports = new HashSet<>(options.listen().values());
        ports.add(options.admin().port());
        Set<String> pods = options.podName() == null ? Set.of() : Set.of(options.podName());
        return new UsableEndpoints(options.loopbackEndpoints(), pods, addresses, ports);
    }
}
