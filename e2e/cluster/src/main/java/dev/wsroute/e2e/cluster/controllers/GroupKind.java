// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.controllers;

/**
 * A kind, whatever its version.
 *
 * @param group empty for the core group
 */
record GroupKind(String group, String kind) {

    static GroupKind of(String apiVersion, String kind) {
        int slash = apiVersion.indexOf('/');
        return new GroupKind(slash < 0 ? "" : apiVersion.substring(0, slash), kind);
    }
}
