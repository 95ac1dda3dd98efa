package dev.wsroute.config;

import java.net.InetAddress;
import java.util.Collection;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which endpoints of EndpointSlices the proxies of a route connect to: none that lead to themselves, whoever wrote the
 * slice.
 *
 * @param loopback whether pods have loopback addresses, as in a cluster on one machine
 * @param proxies names of the proxies' pods; the other pods of their Deployments are known by them too
 * @param addresses of the proxies
 * @param ports that the proxies listen on at these
 */
public record UsableEndpoints(boolean loopback, Set<String> proxies, Set<InetAddress> addresses, Set<Integer> ports) {

    /**
     * A Deployment's name, a hash and five random characters, in the alphabet that Kubernetes has for both
     * (k8s.io/apimachinery/pkg/util/rand).
     */
    private static final Pattern POD_OF_DEPLOYMENT =
            Pattern.compile("(.+)-[bcdfghjklmnpqrstvwxz2456789]{1,10}-[bcdfghjklmnpqrstvwxz2456789]{5}");

    private static final String ANY_POD = "-*";

    public UsableEndpoints {
        proxies = proxies.stream().map(UsableEndpoints::siblings).collect(Collectors.toUnmodifiableSet());
        addresses = Set.copyOf(addresses);
        ports = Set.copyOf(ports);
    }

    /**
     * Those that are no proxies of a route.
     *
     * @param deployment of the proxies
     * @param proxies the slices of the Service in front of them
     * @param loopback as above
     */
    public static UsableEndpoints outsideOf(
            String deployment, Collection<? extends SliceFacts> proxies, boolean loopback) {
        Set<String> pods = new HashSet<>(Set.of(deployment + ANY_POD));
        Set<InetAddress> addresses = new HashSet<>();
        Set<Integer> ports = new HashSet<>();
        for (SliceFacts slice : proxies) {
            slice.ports().stream()
                    .map(SliceFacts.Port::port)
                    .filter(Objects::nonNull)
                    .forEach(ports::add);
            for (SliceFacts.Endpoint endpoint : slice.endpoints()) {
                InetAddress address = endpoint.address() == null ? null : IpAddresses.parse(endpoint.address());
                if (address != null) {
                    addresses.add(address);
                }
                if (endpoint.target() != null && endpoint.target().name() != null) {
                    pods.add(endpoint.target().name());
                }
            }
        }
        return new UsableEndpoints(loopback, pods, addresses, ports);
    }

    /** What stands for a pod and for the others of its Deployment. */
    private static String siblings(String pod) {
        Matcher matcher = POD_OF_DEPLOYMENT.matcher(pod);
        return matcher.matches() ? matcher.group(1) + ANY_POD : pod;
    }

    /** @return why it is not used; null if it is */
    @Nullable UnusableEndpoint fault(SliceFacts slice, SliceFacts.Endpoint endpoint) {
        SliceFacts.Target target = endpoint.target();
        if (target != null
                && "Pod".equals(target.kind())
                && target.name() != null
                && proxies.contains(siblings(target.name()))) {
            return UnusableEndpoint.OWN_POD;
        }
        return UnusableEndpoint.of(slice.addressType(), endpoint.address(), loopback);
    }

    /** Whether a proxy itself listens there. */
    boolean isProxy(InetAddress address, int port) {
        return ports.contains(port) && addresses.contains(address);
    }
}
