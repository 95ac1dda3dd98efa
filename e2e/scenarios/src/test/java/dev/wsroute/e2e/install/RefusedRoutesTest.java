// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The API refuses invalid routes with a sentence that names the error. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RefusedRoutesTest {

    private static final String RULE = "name: a, backendRefs: [{service: {name: x, port: 80}}]";

    private StrictApi api;

    @BeforeAll
    void start() throws IOException {
        api = new StrictApi();
    }

    @AfterAll
    void stop() {
        api.close();
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {rules: []}                                            | spec.rules
            {hostnames: [Chat.example.com], rules: [{RULE}]}       | each must be a lower-case host name
            {hostnames: ['https://a.example'], rules: [{RULE}]}    | without scheme and port
            {rules: [{RULE}, {RULE}]}                              | spec.rules: duplicate entries for key [name="a"]
            {rules: [{RULE, matches: [{path: {value: ws}}]}]}      | must begin with /
            {rules: [{RULE, matches: [{}, {path: {value: a b}}]}]} | spec.rules[0].matches[1].path.value
            {rules: [{RULE, matches: [{}, {path: {value: a b}}]}]} | unless type is RegularExpression, got a b
            {rules: [{RULE, timeouts: {connect: 0s}}]}             | must be a duration such as 500ms, 15s or 1h30m, above 0s
            {rules: [{RULE, timeouts: {idle: forever}}]}           | must be a duration such as 500ms, 15s or 1h30m, above 0s
            {rules: [{RULE, drain: {over: 169h}}]}                 | must be a duration such as 500ms, 15s or 1h30m, at most 168h
            {rules: [{name: A b, backendRefs: [{service: {name: x, port: 80}}]}]} | a name may contain only lower-case letters
            {rules: [{name: a, backendRefs: [{port: 80}]}]}        | must have either service or podSelector, not both
            {rules: [{name: a, backendRefs: [{podSelector: {matchLabels: {a: b}}}]}]} | port is required with podSelector
            {rules: [{name: a, backendRefs: [{podSelector: {matchLabels: {a: b}}, port: websocket-traffic}]}]} | the port of a podSelector must be a number, or the name of a container port
            {rules: [{name: a, backendRefs: [{service: {name: x, port: 70000}}]}]} | 65535
            {rules: [{RULE}], proxy: {listeners: [{name: a, port: 1}, {name: b, port: 1}]}} | each listener needs its own port
            {rules: [{RULE}], proxy: {listeners: [{name: a, port: 9901}]}} | ports 9901 and 9902 are reserved for metrics and probes of the proxy
            {rules: [{RULE}], proxy: {listeners: [{name: a, port: 9902}]}} | ports 9901 and 9902 are reserved for metrics and probes of the proxy
            {rules: [{name: a, backendRefs: [{podSelector: {matchLabels: {a: b}}, port: 9901}]}]} | ports 9901 and 9902 are reserved for metrics and probes of the proxies
            {rules: [{name: a, backendRefs: [{podSelector: {matchLabels: {a: b}}, port: '9902'}]}]} | ports 9901 and 9902 are reserved for metrics and probes of the proxies
            {rules: [{name: a, backendRefs: [{podSelector: {matchLabels: {a: b}}, port: '09901'}]}]} | ports 9901 and 9902 are reserved for metrics and probes of the proxies
            {rules: [{RULE}], proxy: {listeners: [{name: a--b, port: 1}]}} | a listener's name must start with a letter
            {rules: [{RULE}], proxy: {service: {externalTrafficPolicy: Local}}} | is only allowed with type NodePort or LoadBalancer
            {rules: [{RULE}], proxy: {replicas: -1}}               | spec.proxy.replicas
            {rules: [{RULE}], proxy: {replicas: 3, autoscaling: {maxReplicas: 4, connectionsPerProxy: 9}}} | replicas must be absent with autoscaling
            {rules: [{RULE}], proxy: {autoscaling: {maxReplicas: 1, connectionsPerProxy: 9}}} | must not have minReplicas greater than maxReplicas
            {rules: [{RULE}], proxy: {autoscaling: {minReplicas: 0, maxReplicas: 1, connectionsPerProxy: 9}}} | spec.proxy.autoscaling.minReplicas
            {rules: [{RULE}], proxy: {autoscaling: {maxReplicas: 4}}} | spec.proxy.autoscaling.connectionsPerProxy
            {rules: [{RULE}], proxy: {autoscaling: {maxReplicas: 4, connectionsPerProxy: 9, scaleDown: {after: 0s}}}} | at least 1s and at most 24h
            {rules: [{RULE}], proxy: {autoscaling: {maxReplicas: 4, connectionsPerProxy: 9, cpuUtilization: 70}, resources: {limits: {memory: 1Gi}}}} | resources must have requests.cpu with autoscaling.cpuUtilization, which is a percentage of it
            {rules: [{RULE}], proxy: {autoscaling: {maxReplicas: 4, connectionsPerProxy: 9}, limits: {connectionsPerProxy: 8}}} | must not be greater than limits.connectionsPerProxy, at which a proxy refuses clients
            {rules: [{RULE, matches: [{path: {type: RegularExpression, value: '/ws/('}}]}]} | missing closing )
            {rules: [{RULE, matches: [{path: {type: RegularExpression, value: '\\Q[\\E(?:a){1000}]'}}]}]} | instead of \\Q and \\E
            {rules: [{RULE, matches: [{path: {type: RegularExpression, value: '/(?:ab){1,100}'}}]}]} | repeats a group at most 99 times
            {rules: [{RULE, matches: [{path: {type: Exact, value: 'a'}}]}]} | unless type is RegularExpression
            {rules: [{RULE, matches: [{headers: [{name: 'a b', value: c}]}]}]} | spec.rules[0].matches[0].headers[0].name
            {rules: [{RULE, matches: [{headers: [{name: a, value: b}, {name: a, value: c}]}]}]} | matches[0].headers: duplicate entries for key [name="a"]
            {rules: [{RULE, matches: [{queryParams: [{name: a}]}]}]} | spec.rules[0].matches[0].queryParams[0].value
            {rules: [{RULE, matches: [{subprotocols: ['a b']}]}]}  | spec.rules[0].matches[0].subprotocols[0]
            {rules: [{RULE, loadBalancing: {type: ConsistentHash, consistentHash: {type: ClientIP}, rebalance: {enabled: true}}}]} | must not have rebalance.enabled with type ConsistentHash
            {rules: [{RULE, sessionPersistence: {}, loadBalancing: {rebalance: {enabled: true}}}]} | must not have loadBalancing.rebalance.enabled with sessionPersistence
            {rules: [{RULE, loadBalancing: {rebalance: {thresholdPercent: 1}}}]} | must be between 5 and 1000
            {rules: [{RULE, loadBalancing: {type: ConsistentHash, consistentHash: {type: ClientIP}, topology: PreferSameZone}}]} | must not have topology with type ConsistentHash
            {rules: [{RULE, loadBalancing: {topology: PreferSameZone, rebalance: {enabled: true}}}]} | must not have topology with rebalance.enabled
            {rules: [{RULE, loadBalancing: {topology: PreferClose}}]} | spec.rules[0].loadBalancing.topology
            {rules: [{RULE}], proxy: {rebalance: {percentPerMinute: 0}}} | must be between 1 and 100
            {rules: [{RULE, urlRewrite: {}}]}                      | needs path or hostname
            {rules: [{RULE, urlRewrite: {hostname: '*.a.b'}}]}     | must be a lower-case host name or an IP address
            {rules: [{RULE, urlRewrite: {hostname: 'a.b:0'}}]}     | with or without a port
            {rules: [{RULE, urlRewrite: {hostname: 'a.b:65536'}}]} | with or without a port
            {rules: [{RULE, urlRewrite: {hostname: '2001:db8::1'}}]} | or [2001:db8::1]:8443
            {rules: [{RULE, urlRewrite: {hostname: '[2001:db8:::1]:80'}}]} | or [2001:db8::1]:8443
            {rules: [{RULE, urlRewrite: {path: {replacePrefixMatch: v1}}}]} | must begin with /
            {rules: [{RULE, matches: [{}, {path: {type: Exact}}], urlRewrite: {path: {replacePrefixMatch: /}}}]} | needs type PathPrefix in every match
            {rules: [{RULE, requestHeaderModifier: {set: [{name: HOST, value: a}]}}]} | see urlRewrite.hostname
            {rules: [{RULE, requestHeaderModifier: {add: [{name: Sec-WebSocket-Key, value: a}]}}]} | must not be a header that the proxy itself writes
            {rules: [{RULE, responseHeaderModifier: {remove: [X-Fine, connection]}}]} | must not be a header that the proxy itself writes
            {rules: [{RULE, responseHeaderModifier: {set: [{name: a, value: "b\\r\\nc: d"}]}}]} | spec.rules[0].responseHeaderModifier.set[0].value
            {rules: [{RULE, trailers: {request: [X-Sum, content-length]}}]} | must not be a header that frames, routes, authenticates
            {rules: [{RULE, trailers: {response: [Set_Cookie]}}]}  | must not be a header that frames, routes, authenticates
            {rules: [{RULE, loadBalancing: {type: ConsistentHash}}]} | needs consistentHash with type ConsistentHash
            {rules: [{RULE, loadBalancing: {consistentHash: {type: ClientIP}}}]} | must not have it with another type
            {rules: [{RULE, loadBalancing: {type: RoundRobin, slowStart: 1s}}]} | must not have slowStart unless type is LeastConnections
            {rules: [{RULE, loadBalancing: {type: ConsistentHash, consistentHash: {type: Header}}}]} | needs a name with type Header
            {rules: [{RULE, loadBalancing: {type: ConsistentHash, consistentHash: {type: ClientIP, name: a}}}]} | must not have one with ClientIP or Subject
            {rules: [{RULE, loadBalancing: {type: ConsistentHash, consistentHash: {type: Cookie, name: 'a;'}}}]} | must have as the name of a header or cookie
            {rules: [{RULE, sessionPersistence: {sessionName: 'a=b'}}]} | must be a cookie's name
            {rules: [{RULE, sessionPersistence: {absoluteTimeout: 8761h}}]} | and at most 8760h
            {rules: [{RULE, sessionPersistence: {sameSite: None}}]} | needs secure: Always with sameSite None
            {rules: [{RULE, sessionPersistence: {sameSite: None, secure: WhenTLS}}]} | needs secure: Always with sameSite None
            {rules: [{RULE, sessionPersistence: {sameSite: none}}]} | spec.rules[0].sessionPersistence.sameSite
            {rules: [{RULE, connections: {maxAge: 0s}}]}           | must be a duration such as 500ms, 15s or 1h30m, above 0s
            {rules: [{RULE, connections: {maxAge: 169h}}]}         | and at most 168h
            {rules: [{RULE, connections: {ping: {interval: 999ms}}}]} | at least 1s and at most 168h
            {rules: [{RULE, connections: {maxMessageBytes: 1099511627777}}]} | must be between 1 and 1099511627776
            {rules: [{RULE, connections: {maxAgeJitterPercent: 101}}]} | must be between 0 and 100
            {rules: [{name: a, backendRefs: [{service: {name: x, port: 80}, namespace: Shared}]}]} | a namespace may contain only lower-case letters, digits and inner hyphens
            {rules: [{name: a, backendRefs: [{service: {name: x, port: 80}, namespace: a.b}]}]} | a namespace may contain only lower-case letters, digits and inner hyphens
            {rules: [{name: a, backendRefs: [{service: {name: x, port: 80}, namespace: ''}]}]} | backendRefs[0].namespace
            {rules: [{name: a, backendRefs: [{service: {name: x, port: 80}, namespace: a123456789-123456789-123456789-123456789-123456789-123456789-123}]}]} | backendRefs[0].namespace
            {rules: [{name: a, backendRefs: [{podSelector: {matchLabels: {a: b}}, port: 1, namespace: b}]}]} | namespace is only allowed with service
            {rules: [{name: a, backendRefs: [{podSelector: {matchLabels: {a: b}}, port: 1, tls: {}}]}]} | tls needs hostname with podSelector
            {rules: [{name: a, backendRefs: [{service: {name: x, port: 80}, tls: {caCertificateRefs: []}}]}]} | caCertificateRefs
            {rules: [{name: a, backendRefs: [{service: {name: x, port: 80}, tls: {caCertificateRefs: [{name: a}], wellKnownCACertificates: System}}]}]} | must not have wellKnownCACertificates beside other CA certificates
            {rules: [{name: a, backendRefs: [{service: {name: x, port: 80}, tls: {wellKnownCACertificates: system}}]}]} | wellKnownCACertificates
            {rules: [{name: a, backendRefs: [{service: {name: x, port: 80}, tls: {hostname: 10.0.0.1}}]}]} | tls.hostname
            {rules: [{name: a, backendRefs: [{service: {name: x, port: 80}, tls: {insecureSkipVerify: true}}]}]} | insecureSkipVerify
            {rules: [{name: a, backendRefs: [{service: {name: x, port: 80}, tls: {clientCertificateRef: {}}}]}]} | clientCertificateRef.name
            {rules: [{RULE}], proxy: {listeners: [{name: a, port: 443, protocol: HTTPS}]}} | needs tls with protocol HTTPS
            {rules: [{RULE}], proxy: {listeners: [{name: a, port: 443, tls: {certificateRefs: [{name: a}]}}]}} | must not have tls with protocol HTTP
            {rules: [{RULE}], proxy: {listeners: [{name: a, port: 443, protocol: HTTPS, tls: {}}]}} | certificateRefs
            {rules: [{RULE}], proxy: {listeners: [{name: a, port: 443, protocol: HTTPS, tls: {certificateRefs: []}}]}} | certificateRefs
            {rules: [{RULE}], proxy: {listeners: [{name: a, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: a}, {name: a}]}}]}} | each Secret may be named once
            {rules: [{RULE}], proxy: {listeners: [{name: a, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: a, namespace: b}]}}]}} | certificateRefs[0].namespace
            {rules: [{RULE}], proxy: {listeners: [{name: a, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: a}], minVersion: '1.1'}}]}} | minVersion
            {rules: [{RULE}], proxy: {listeners: [{name: a, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: a}], minVersion: 1.3}}]}} | minVersion
            {rules: [{RULE}], proxy: {listeners: [{name: a, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: a}], redirectFrom: a}}]}} | tls.redirectFrom must be the name of a listener with protocol HTTP
            {rules: [{RULE}], proxy: {listeners: [{name: w, port: 80}, {name: a, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: a}], redirectFrom: w}}, {name: b, port: 444, protocol: HTTPS, tls: {certificateRefs: [{name: a}], redirectFrom: w}}]}} | tls.redirectFrom must be unique
            {rules: [{RULE}], proxy: {listeners: [{name: a, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: a}], clientCertificates: {}}}]}} | caCertificateRefs
            {rules: [{RULE}], proxy: {listeners: [{name: a, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: a}], clientCertificates: {caCertificateRefs: [{name: a}, {kind: ConfigMap, name: a}]}}}]}} | each ConfigMap or Secret may be named once
            {rules: [{RULE}], proxy: {clientAddress: {trustedProxies: [lb.example.com]}}} | each must be an IP address or a range
            {rules: [{RULE}], proxy: {clientAddress: {trustedProxies: [10.0.0.0/33]}}} | each must be an IP address or a range
            {rules: [{RULE}], proxy: {clientAddress: {trustedProxies: ["fd00::/129"]}}} | each must be an IP address or a range
            {rules: [{RULE}], proxy: {clientAddress: {proxyProtocol: Accept}}} | needs trustedProxies
            {rules: [{RULE}], proxy: {limits: {connectionsPerProxy: 0}}} | must be between 1 and 10000000
            {rules: [{RULE}], proxy: {limits: {handshakeTimeout: 0s}}} | must be a duration such as 500ms, 15s or 1h30m, above 0s
            {rules: [{RULE}], proxy: {limits: {keepAliveTimeout: 0s}}} | must be a duration such as 500ms, 15s or 1h30m, above 0s
            """)
    void isRefusedWithASentence(String spec, String sentence) {
        assertThatThrownBy(() -> api.apply(route("refused", spec.replace("RULE", RULE))))
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining(sentence);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "podSelector: {matchLabels: {a: b}}, port: fifteen-letters",
                "podSelector: {matchLabels: {a: b}}, port: '8010'",
                "podSelector: {matchLabels: {a: b}}, port: 8010",
                "service: {name: x, port: a-service-may-have-longer-port-names}"
            })
    void aPortThatKubernetesKnowsIsAccepted(String backend) {
        assertThat(api.apply(route("accepted", "{rules: [{name: a, backendRefs: [{" + backend + "}]}]}")))
                .isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.b:65535", "192.0.2.1:80", "[2001:db8::1]", "[::1]:8443"})
    void aHostMayHaveAPort(String host) {
        assertThat(api.apply(route("accepted", "{rules: [{" + RULE + ", urlRewrite: {hostname: '" + host + "'}}]}")))
                .isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v[0-9]{1,3}/([0-9a-f]{2}:){5}[0-9a-f]{2}",
                "/[0-9a-f]{64}/.*",
                "((a{99}){99}){99}",
                "/v10/(",
                "/a\\){150}"
            })
    void theApiCompilesAnExpressionOnlyIfItsTextShowsThatItIsSmall(String expression) {
        String rule = "{" + RULE + ", matches: [{path: {type: RegularExpression, value: '" + expression + "'}}]}";

        assertThat(api.apply(route("accepted", "{rules: [" + rule + "]}"))).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({"1st", "a.b", "a23456789012345678901234567890123456789012345678901"})
    void aNameThatNoServiceCanBearIsRefused(String name) {
        assertThatThrownBy(() -> api.apply(route(name, "{rules: [{" + RULE + "}]}")))
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining("metadata.name must be a DNS label of at most 50 characters");
    }

    private static GenericKubernetesResource route(String name, String spec) {
        return Serialization.unmarshal("""
                apiVersion: wsroute.dev/v1alpha1
                kind: WebSocketRoute
                metadata: {name: %s, namespace: default}
                spec: %s
                """.formatted(name, spec), GenericKubernetesResource.class);
    }
}
