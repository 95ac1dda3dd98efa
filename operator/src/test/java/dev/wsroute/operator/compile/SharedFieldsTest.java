// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.api.v1alpha1.BackendTlsSpec;
import dev.wsroute.api.v1alpha1.ProxySpec;
import dev.wsroute.api.v1alpha1.RouteRule;
import dev.wsroute.api.v1alpha1.WebSocketRouteSpec;
import dev.wsroute.config.BackendTls;
import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.RecordFields;
import dev.wsroute.config.RouteConfig;
import dev.wsroute.config.RuleConfig;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SharedFieldsTest {

    static Stream<Arguments> types() {
        return Stream.of(
                Arguments.of(WebSocketRouteSpec.class, RouteConfig.class, SharedFields.OF_ROUTES),
                Arguments.of(RouteRule.class, RuleConfig.class, ofRules()),
                Arguments.of(BackendTlsSpec.class, BackendTls.class, SharedFields.OF_BACKEND_TLS),
                Arguments.of(ProxySpec.class, ProxyConfig.class, ofProxies()));
    }

    private static Set<String> ofRules() {
        Set<String> elsewhere = new HashSet<>(SharedFields.OF_RULES);
        String service = "access.external.service.";
        elsewhere.add(service + SharedFields.SERVICE_PORT);
        SharedFields.OF_BACKEND_TLS.forEach(reference -> elsewhere.add(service + "tls." + reference));
        elsewhere.add("access.apiKeys." + CredentialObjects.SECRET);
        elsewhere.add("access.basic." + CredentialObjects.SECRET);
        elsewhere.add("access.jwt." + TokenObjects.DENY_LIST);
        TokenObjects.OF_PROVIDERS.forEach(field -> elsewhere.add("access.jwt.providers." + field));
        return elsewhere;
    }

    private static Set<String> ofProxies() {
        Set<String> elsewhere = new HashSet<>(SharedFields.OF_PROXIES);
        elsewhere.add("listeners.tls." + SharedFields.CERTIFICATES);
        elsewhere.add("listeners.tls.clientCertificates." + SharedFields.CA_CERTIFICATES);
        return elsewhere;
    }

    @ParameterizedTest
    @MethodSource("types")
    void everyFieldOfTheApiIsInTheDocumentOrListedAsCompiledElsewhere(
            Class<?> api, Class<?> document, Set<String> elsewhere) {
        List<String> lost = new ArrayList<>();
        collect(api, document, "", lost);

        assertThat(lost).containsExactlyInAnyOrderElementsOf(elsewhere);
    }

    /** Fields of the API that the document lacks, by their paths. Rules have a list of their own. */
    private static void collect(Class<?> api, Class<?> document, String path, List<String> lost) {
        var known = RecordFields.of(document);
        RecordFields.of(api).forEach((name, field) -> {
            RecordComponent counterpart = known.get(name);
            Class<?> type = itemType(field);
            if (counterpart == null) {
                lost.add(path + name);
            } else if (type.isRecord() && type != RouteRule.class) {
                collect(type, itemType(counterpart), path + name + ".", lost);
            }
        });
    }

    /** The type of a field, or of its items if it is a list. */
    private static Class<?> itemType(RecordComponent field) {
        Type type = field.getGenericType();
        return (Class<?>) (type instanceof ParameterizedType list ? list.getActualTypeArguments()[0] : type);
    }
}
