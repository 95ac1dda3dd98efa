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
        assertThat(err.toString()).isEqualTo("1 Ingresses became 1 WebSocketRoutes. Read the comments.\n");
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
