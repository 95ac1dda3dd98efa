// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.compile;

/**
 * A backend reference that cannot be resolved.
 *
 * @param reason of the condition
 * @param sentence with the missing Service, port or permission
 */
public record UnresolvedRef(UnresolvedReason reason, String sentence) {

    /** Why it cannot be resolved. */
    public enum UnresolvedReason {
        /** The namespace of the Service does not permit the reference, or cannot. */
        RefNotPermitted,
        /** The Service does not exist. */
        BackendNotFound,
        /** The Service has no such TCP port. */
        PortNotFound,
        /** The Service has a type without endpoints, or a reserved target port. */
        UnsupportedBackend,
        /** It selects the route's own proxies, so requests would loop. */
        SelectsOwnProxies
    }
}
