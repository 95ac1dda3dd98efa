// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A Secret or ConfigMap that the proxy reads through the Kubernetes API.
 *
 * @param namespace of the object
 * @param name its name
 */
public record ObjectRef(
        @Text(max = 63, form = TextForm.OBJECT_NAME) @JsonProperty(required = true)
        String namespace,

        @Text(max = 253, form = TextForm.OBJECT_NAME) @JsonProperty(required = true)
        String name) {

    /** A DNS subdomain (RFC 1123), as a regular expression. */
    static final String NAME = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";

    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
