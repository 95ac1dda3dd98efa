// SPDX-License-Identifier: Apache-2.0
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
 * Decides which endpoints of EndpointSlices the proxies of a route connect to: none that lead to themselves, whoever wrote the
 * slice.
 *
 * @param loopback whether pods have loopback addresses, as in a cluster on one machine
 * @param proxies names of proxy pods, which also identify the other pods of their Deployments
 * @param addresses of the proxies
 * @param ports that the proxies listen on at these addresses
 */
public record UsableEndpoints(boolean loopback, Set<String> proxies, Set<InetAddress> addresses, Set<Integer> ports) {

    /**
     * The name of a Deployment's pod ends with a hash and five random characters, both in the alphabet of
     * k8s.io/apimachinery/pkg/util/rand.
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
     * Excludes the proxies of a route.
     *
     * @param deployment name of the Deployment of the proxies
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
            for (SliceFacts.SliceEndpoint endpoint : slice.endpoints()) {
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

    /** A key that identifies a pod and the other pods of its Deployment. */
    private static String siblings(String pod) {
        Matcher matcher = POD_OF_DEPLOYMENT.matcher(pod);
        return matcher.matches() ? matcher.group(1) + ANY_POD : pod;
    }

    /** @return why the endpoint is not used; null if it is used */
    @Nullable UnusableEndpoint fault(SliceFacts slice, SliceFacts.SliceEndpoint endpoint) {
        SliceFacts.Target target = endpoint.target();
        if (target != null
                && "Pod".equals(target.kind())
                && target.name() != null
                && proxies.contains(siblings(target.name()))) {
            return UnusableEndpoint.OWN_POD;
        }
        return UnusableEndpoint.of(slice.addressType(), endpoint.address(), loopback);
    }

    /** Whether a proxy listens at this address. */
    boolean isProxy(InetAddress address, int port) {
        return ports.contains(port) && addresses.contains(address);
    }
}
