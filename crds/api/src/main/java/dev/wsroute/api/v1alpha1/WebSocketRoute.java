// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.api.v1alpha1;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** A WebSocket proxy in front of Services or pods: the hosts and paths that it serves, and settings of its pods. */
@Group(WebSocketRoute.GROUP)
@Version(WebSocketRoute.VERSION)
@ShortNames("wsr")
@Categories("all")
@AdditionalPrinterColumn(name = "Hosts", jsonPath = ".spec.hostnames")
@AdditionalPrinterColumn(
        name = "Backends",
        jsonPath = ".status.readyEndpoints",
        type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(name = "Proxies", jsonPath = ".status.proxies.summary")
@AdditionalPrinterColumn(name = "Ready", jsonPath = ".status.conditions[?(@.type==\"Ready\")].status")
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(
        name = "Programmed",
        jsonPath = ".status.conditions[?(@.type==\"Programmed\")].status",
        priority = 1)
@AdditionalPrinterColumn(name = "Address", jsonPath = ".status.addresses[0].value", priority = 1)
@ValidationRule(
        value = "self.metadata.name.size() <= 50 && self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$')",
        message = "metadata.name must be a DNS label of at most 50 characters that starts with a letter,"
                + " because the proxy's Service is named after it")
public final class WebSocketRoute extends CustomResource<WebSocketRouteSpec, WebSocketRouteStatus>
        implements Namespaced {

    private static final long serialVersionUID = 1;

    /** The API group. */
    public static final String GROUP = "wsroute.dev";

    /** The API version. */
    public static final String VERSION = "v1alpha1";
}
