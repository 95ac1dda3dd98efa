// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.kube;

import java.util.List;

/**
 * The result of a list request.
 *
 * @param version resourceVersion from which a watch continues
 */
record Listing<T>(String version, List<T> items) {

    Listing {
        items = List.copyOf(items);
    }
}
