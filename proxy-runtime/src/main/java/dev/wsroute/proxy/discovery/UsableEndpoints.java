package dev.wsroute.proxy.discovery;

import dev.wsroute.config.UnusableAddress;
import dev.wsroute.proxy.kube.EndpointSlice;
import java.net.InetAddress;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Decides which endpoints of EndpointSlices this proxy connects to: none that lead to itself, whoever wrote the slice.
 *
 * @param loopback whether pods have loopback addresses, as in a cluster on one machine
 * @param ownPod the name of this proxy's pod, by which its Deployment's others are known too; null outside of one
 * @param ownAddresses of this proxy
 * @param ownPorts that it listens on
 */
public record UsableEndpoints(
        boolean loopback, @Nullable String ownPod, Set<InetAddress> ownAddresses, Set<Integer> ownPorts) {

    /**
     * A Deployment's name, a hash and five random characters, in the alphabet that Kubernetes has for both
     * (k8s.io/apimachinery/pkg/util/rand).
     */
    private static final Pattern POD_OF_DEPLOYMENT =
            Pattern.compile("(.+)-[bcdfghjklmnpqrstvwxz2456789]{1,10}-[bcdfghjklmnpqrstvwxz2456789]{5}");

    public UsableEndpoints {
        ownAddresses = Set.copyOf(ownAddresses);
        ownPorts = Set.copyOf(ownPorts);
    }

    /** @return why it is not used; null if it is */
    @Nullable UnusableAddress fault(EndpointSlice slice, EndpointSlice.Endpoint endpoint) {
        EndpointSlice.Target target = endpoint.target();
        if (ownPod != null && target != null && "Pod".equals(target.kind()) && isSibling(ownPod, target.name())) {
            return UnusableAddress.OWN_POD;
        }
        return UnusableAddress.of(slice.addressType(), endpoint.address(), loopback);
    }

    /** Whether both are pods of the same Deployment, or one pod. */
    private static boolean isSibling(String one, @Nullable String other) {
        return other != null && deployment(one).equals(deployment(other));
    }

    private static String deployment(String pod) {
        Matcher matcher = POD_OF_DEPLOYMENT.matcher(pod);
        return matcher.matches() ? matcher.group(1) + "-*" : pod;
    }

    /** Whether this proxy itself listens there. */
    boolean isOwn(InetAddress address, int port) {
        return ownPorts.contains(port) && ownAddresses.contains(address);
    }
}
