// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.kube;

/** The relevant part of an API object. */
public interface ApiObject {

    /** Its {@code metadata.name}. */
    String name();
}
