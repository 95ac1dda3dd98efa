// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.compile;

/**
 * A ReferenceGrant that permits a reference, in the namespace of the Service.
 *
 * @param apiVersion in which it was read
 * @param name its name
 * @param uid its uid
 */
public record GrantRef(String apiVersion, String name, String uid) {

    /** The group of its API. */
    public static final String GROUP = "gateway.networking.k8s.io";

    /** Its kind. */
    public static final String KIND = "ReferenceGrant";
}
