// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.wire;

/** The peer that sends. */
enum WirePeer {
    CLIENT,
    BACKEND;

    WirePeer other() {
        return this == CLIENT ? BACKEND : CLIENT;
    }
}
