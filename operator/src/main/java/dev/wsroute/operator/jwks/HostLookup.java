// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.jwks;

import java.net.InetAddress;
import java.util.List;
import java.util.function.Consumer;

/** Finds the addresses of a host. Confined to the event loop of the fetches, which it must not block. */
interface HostLookup {

    /**
     * @param host a name without a dot at its end
     * @param absolute whether to ignore the search domains of the resolver
     * @param answer gets the addresses, on the event loop; none if the name has none or nobody knows. The asker need not wait
     */
    void find(String host, boolean absolute, Consumer<List<InetAddress>> answer);
}
