// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.testkit;

import dev.wsroute.operator.compile.ForeignServices;

/** For routes without backends in other namespaces. */
public final class OwnNamespace {

    /** Permits nothing. */
    public static final ForeignServices ONLY =
            (namespace, service) -> new ForeignServices.Lookup.Denied("Nothing is permitted.");

    private OwnNamespace() {}
}
