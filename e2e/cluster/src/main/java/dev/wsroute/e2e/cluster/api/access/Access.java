// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.access;

/**
 * What a request does, as RBAC sees it.
 *
 * @param user such as {@code system:serviceaccount:apps:chat-proxy}
 * @param verb get, list, watch, create, update, patch, delete or deletecollection
 * @param group of the API; "" for the core
 * @param resource with its subresource, such as {@code pods/log}
 * @param namespace "" at the cluster scope
 * @param name "" if the request names no object; a field selector for one name counts
 */
public record Access(String user, String verb, String group, String resource, String namespace, String name) {

    /** How tokens and users of ServiceAccounts begin. */
    public static final String SERVICE_ACCOUNT = "system:serviceaccount:";
    /** How the tokens end: with what nothing else contains, so that tests find where a program writes its token. */
    public static final String TOKEN_END = ":3hq8tz1wv6m4kx9c7b5n2r0s";

    /** The request that an apply of an object that does not exist is as well. */
    public Access creating() {
        return with("create", group, resource, name);
    }

    Access with(String otherVerb, String otherGroup, String otherResource, String otherName) {
        return new Access(user, otherVerb, otherGroup, otherResource, namespace, otherName);
    }

    /** As the real API server says it. */
    @Override
    public String toString() {
        return resource + (name.isEmpty() ? "" : " \"" + name + "\"") + " is forbidden: User \"" + user + "\" cannot "
                + verb + " resource \"" + resource + "\" in API group \"" + group + "\" "
                + (namespace.isEmpty() ? "at the cluster scope" : "in the namespace \"" + namespace + "\"");
    }
}
