// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.migrate;

/** Annotations about request headers and the access log. */
final class HeaderAnnotations {

    private HeaderAnnotations() {}

    static void host(String name, Annotations annotations, Settings settings) {
        annotations
                .get(name)
                .ifPresent(host -> settings.rule().withObject("/urlRewrite").put("hostname", host));
    }

    static void prefix(String name, Annotations annotations, Settings settings) {
        annotations
                .get(name)
                .ifPresent(prefix -> settings.rule()
                        .withObject("/requestHeaderModifier")
                        .withArray("/set")
                        .addObject()
                        .put("name", "X-Forwarded-Prefix")
                        .put("value", prefix));
    }

    static void accessLog(String name, Annotations annotations, Settings settings) {
        if (annotations.is(name, "false")) {
            settings.proxy().withObject("/accessLog").put("enabled", false);
        }
    }
}
