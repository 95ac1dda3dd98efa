// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.migrate;

/** Annotations by which other programs act on an Ingress. */
final class OtherAnnotations {

    private OtherAnnotations() {}

    static void note(String name, Settings settings) {
        if (name.startsWith("cert-manager.io/")) {
            settings.notes()
                    .add(name + ": cert-manager stops renewing the certificate when the Ingress is deleted; create a"
                            + " Certificate for the Secret.");
        } else if (name.startsWith("external-dns.alpha.kubernetes.io/")) {
            settings.notes()
                    .add(name + ": set it in proxy.service.annotations, with the host name in"
                            + " external-dns.alpha.kubernetes.io/hostname.");
        }
    }
}
