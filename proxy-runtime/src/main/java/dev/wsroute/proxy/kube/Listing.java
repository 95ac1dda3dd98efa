// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.kube;

import java.util.List;

/**
 * All objects that were asked for, at a moment.
 *
 * @param version where a watch goes on from there
 */
record Listing<T>(String version, List<T> items) {

    Listing {
        items = List.copyOf(items);
    }
}
