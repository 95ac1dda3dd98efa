// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The command line: what is printed where, and the sentences for bad input. */
class MigrateCommandTest {

    private static final String INGRESS = """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: chat, annotations: {%s}}
            spec:
              rules:
                - http:
                    paths: [{path: /, pathType: Prefix, backend: {service: {name: chat, port: {number: 80}}}}]
            """;

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void routesGoToStandardOutputAndAllElseToStandardError() throws IOException {
        assertThat(run(file(INGRESS.formatted("")))).isZero();

        assertThat(out.toString()).contains("kind: WebSocketRoute").contains("type: LoadBalancer");
        assertThat(err.toString()).isEqualTo("Ingresses: 1, WebSocketRoutes: 1. Read the comments.\n");
    }

    @Test
    void aRouteThatWouldLetMoreClientsInIsAComment() throws IOException {
        String file = file(INGRESS.formatted("nginx.ingress.kubernetes.io/auth-url: https://auth.example.com"));

        assertThat(run(file)).isZero();
        assertThat(out.toString().lines().skip(1)).isNotEmpty().allMatch(line -> line.startsWith("#"));
        assertThat(out.toString()).contains("# WARNING: auth-url: ");
        assertThat(err.toString()).contains("1 of them would let more clients in");

        assertThat(run("--allow-unprotected", file)).isZero();
        assertThat(out.toString()).contains("\nkind: WebSocketRoute");
    }

    /** U+0085, U+2028 and U+2029 end lines in YAML, and so would end a comment. */
    @ParameterizedTest
    @ValueSource(strings = {"\\n", "\\r", "\\u0085", "\\u2028", "\\u2029"})
    void anAnnotationCannotEndItsComment(String lineEnd) throws IOException {
        String hostile = "\"nginx.ingress.kubernetes.io/app-root\": \"/a" + lineEnd + "kind: ClusterRoleBinding"
                + lineEnd + "--- \"";

        assertThat(run(file(INGRESS.formatted(hostile)))).isZero();

        assertThat(out.toString().split("[\\n\\r\u0085\u2028\u2029]"))
                .anyMatch(line -> line.startsWith("# - app-root: "))
                .noneMatch(line -> line.startsWith("kind: ClusterRoleBinding"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "location ~ /\\.git { deny all; }",
                "location /metrics { internal; }",
                "include /etc/nginx/acl.conf;",
                "ssl_verify_client on;",
                "rewrite_by_lua_block { check() }",
                "SecRuleEngine On;",
                "proxy_set_header X-Remote-User $remote_user;",
                "proxy_set_header X-Client-Dn \\\"$ssl_client_s_dn\\\";",
                "proxy_set_header X-Client \\\"$scheme $remote_addr\\\";",
            })
    void aLineOfASnippetThatMayProtectIsOneThatDoes(String line) throws IOException {
        run(file(
                INGRESS.formatted("nginx.ingress.kubernetes.io/server-snippet: '" + line.replace("\\\"", "\"") + "'")));

        assertThat(out.toString()).contains("# WARNING: server-snippet: ").contains("\n# kind: WebSocketRoute");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "proxy_set_header X-Request-Id $request_id;",
                "proxy_set_header X-Edge a;",
                "proxy_read_timeout 1h;",
                "proxy_buffering off; # not needed",
                "add_header X-Trace $request_id always;",
            })
    void aLineOfASnippetThatProtectsNothingIsANote(String line) throws IOException {
        run(file(INGRESS.formatted("nginx.ingress.kubernetes.io/configuration-snippet: '" + line + "'")));

        assertThat(out.toString()).doesNotContain("WARNING").contains("\nkind: WebSocketRoute");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "haproxy.org/allow-list: 10.0.0.0/8",
                "nginx.org/basic-auth-secret: users",
                "traefik.ingress.kubernetes.io/router.middlewares: default-login@kubernetescrd",
                "nginx.ingress.kubernetes.io/auth-of-tomorrow: a",
                "kubernetes.io/ingress.class: nginx-internal",
            })
    void whatMayProtectInAWayThatIsUnknownCountsAsLost(String annotation) throws IOException {
        run(file(INGRESS.formatted(annotation)));

        assertThat(out.toString()).contains("# WARNING: ").contains("\n# kind: WebSocketRoute");
    }

    @Test
    void certificatesOfClientsAreAskedForAsStrictlyAsBefore() throws IOException {
        String ingress = INGRESS.replace("http:", "host: a.example.com\n      http:")
                + "  tls: [{hosts: ['*.example.com'], secretName: a}]\n";
        String prefix = "nginx.ingress.kubernetes.io/auth-tls-";
        String on = ingress.formatted(prefix + "secret: default/a, " + prefix + "verify-client: 'true'");
        String optional = ingress.formatted(prefix + "secret: default/a, " + prefix + "verify-client: optional");

        run(file(on));
        assertThat(out.toString()).contains("\nkind: WebSocketRoute").contains("mode: Require");

        run(file(on + "---\n" + optional.replace("path: /,", "path: /b,")));
        assertThat(out.toString()).contains("# WARNING: auth-tls-secret: ").contains("\n# kind: WebSocketRoute");
    }

    @Test
    void theTypeOfTheServiceIsAFlag() throws IOException {
        assertThat(run("--service-type", "ClusterIP", file(INGRESS.formatted(""))))
                .isZero();

        assertThat(out.toString()).contains("type: ClusterIP");
    }

    @Test
    void badInputIsReportedInOneSentence() throws IOException {
        assertThat(sentence(folder.resolve("absent.yaml").toString())).contains("is not a file");
        assertThat(sentence(file("kind: [Ingress"))).contains("is not YAML: ");
        assertThat(sentence(file("kind: ConfigMap\nmetadata: {name: a}"))).contains("there is no Ingress in ");
        assertThat(sentence(file("apiVersion: extensions/v1beta1\nkind: Ingress\nmetadata: {name: old}")))
                .contains("Ingress old has apiVersion extensions/v1beta1, only networking.k8s.io/v1 can be converted");
        assertThat(sentence(file("apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: a}")))
                .contains("no spec");
        assertThat(sentence(
                        file("apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: a}\nspec: {rules: 1}")))
                .contains("Ingress a cannot be read: ");
    }

    private String sentence(String file) {
        assertThat(run(file)).isOne();
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).hasLineCount(1).startsWith("wsroute-operator: ");
        return err.toString();
    }

    private String file(String text) throws IOException {
        return Files.writeString(folder.resolve("ingress.yaml"), text).toString();
    }

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return new CommandLine(new MigrateCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err, true))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments);
    }
}
