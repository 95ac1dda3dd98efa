// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.migrate;

import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/** Annotations by which other programs act on an Ingress. */
final class OtherAnnotations {

    /** Names of annotations that may decide who can connect. */
    private static final Pattern PROTECTION =
            Pattern.compile("(?i)auth|oidc|jwt|white-?list|allow-?list|deny-?list|block-?list"
                    + "|source-?range|cidr|middleware|plugins|waf|security|client-?cert|mutual|mtls|access-|restrict");

    private static final Pattern INTERNAL = Pattern.compile("(?i)internal|private|intra|vpn");

    private OtherAnnotations() {}

    /** One of ingress-nginx that is in no list, such as of a newer version. */
    static void unknown(String name, Annotations annotations, Settings settings) {
        String sentence =
                name + ": has no counterpart, and this program does not know it (" + annotations.text(name) + ").";
        (protects(name) ? settings.lostProtections() : settings.notes()).add(sentence);
    }

    /** The controllers of other classes may be reachable for fewer clients than the Service of a route. */
    static void noteClass(Ingress ingress, Settings settings) {
        Map<String, String> annotations =
                Objects.requireNonNullElse(ingress.getMetadata().getAnnotations(), Map.of());
        String name = Objects.requireNonNullElse(
                ingress.getSpec().getIngressClassName(),
                annotations.getOrDefault("kubernetes.io/ingress.class", "nginx"));
        if (INTERNAL.matcher(name).find()) {
            settings.lostProtections().add("the class " + name + ": its controller may be reachable from inside only.");
        } else if (!name.equals("nginx")) {
            settings.notes()
                    .add("the class " + name
                            + ": its controller may be reachable for fewer clients, or not be ingress-nginx.");
        }
    }

    private static boolean protects(String name) {
        return PROTECTION.matcher(name).find();
    }

    static void note(String name, Settings settings) {
        if (name.startsWith("cert-manager.io/")) {
            settings.notes()
                    .add(name + ": cert-manager stops renewing the certificate when the Ingress is deleted; create a"
                            + " Certificate for the Secret.");
        } else if (name.startsWith("external-dns.alpha.kubernetes.io/")) {
            settings.notes()
                    .add(name + ": set it in proxy.service.annotations, with the host name in"
                            + " external-dns.alpha.kubernetes.io/hostname.");
        } else if (!name.startsWith("acme.cert-manager.io/") && protects(name)) {
            settings.lostProtections().add(name + ": belongs to another program, and may decide who can connect.");
        }
    }
}
