// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.wsroute.e2e.dev.Repository;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ports 80 and 443 for a user without capabilities, in a network namespace with the sysctl that the operator sets on pods. Skipped if the
 * test cannot create a network namespace and change its user.
 */
class PrivilegedPortsIT {

    private static final String AS_NOBODY = "setpriv --reuid=65532 --regid=65532 --clear-groups --bounding-set=-all ";
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    private static final String SCRIPT = """
            ip link set lo up
            echo 0 > /proc/sys/net/ipv4/ip_unprivileged_port_start
            %s %s -jar wsroute-proxy.jar --config proxy.yaml &
            proxy=$!
            until https=$(curl -sk -o /dev/null -w '%%{http_code}' https://127.0.0.1/); do
              kill -0 $proxy || exit 1
              sleep 0.1
            done
            echo "https $https"
            curl -s -o /dev/null -w 'http %%{http_code} %%{redirect_url}\\n' http://127.0.0.1/path
            kill -9 $proxy
            """.formatted(AS_NOBODY, JAVA);

    private static final String CONFIG = """
            listeners:
              - {name: web, port: 80}
              - name: wss
                port: 443
                protocol: HTTPS
                tls:
                  certificates: [{certificateFile: tls.crt, keyFile: tls.key}]
                  redirectFrom: web
            routes: [{name: r, rules: [{name: all, backends: []}]}]
            """;

    @TempDir
    private Path folder;

    @Test
    void aUserWithoutCapabilitiesServesPorts80And443() throws Exception {
        assumeTrue(exitStatus("unshare --net sh -c 'ip link set lo up && " + AS_NOBODY + JAVA + " -version'") == 0);
        Path target = Repository.locate().get("proxy-runtime/target");
        Files.writeString(folder.resolve("proxy.yaml"), CONFIG);
        Files.writeString(folder.resolve("run.sh"), SCRIPT);
        assertThat(exitStatus("cp -r " + target.resolve("wsroute-proxy.jar") + " " + target.resolve("lib") + " ."
                        + " && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=localhost"
                        + " -addext subjectAltName=DNS:localhost -keyout tls.key -out tls.crt && chmod -R a+rX ."))
                .isZero();
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));

        List<String> lines = output("unshare --net sh run.sh");

        assertThat(lines).contains("https 503", "http 308 https://127.0.0.1/path");
    }

    private int exitStatus(String command) throws Exception {
        try (StartedProgram program = shell(command)) {
            return program.exitStatus(Duration.ofSeconds(60));
        }
    }

    private List<String> output(String command) throws Exception {
        try (StartedProgram program = shell(command)) {
            program.exitStatus(Duration.ofSeconds(60));
            return program.lines();
        }
    }

    private StartedProgram shell(String command) throws Exception {
        return StartedProgram.start("sh", "-c", "cd " + folder + " && " + command);
    }
}
