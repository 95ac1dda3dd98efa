// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.wsroute.e2e.dev.Repository;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive and the Debian package of the proxy for machines without Kubernetes. */
class DistributionIT {

    private static final Duration A_MINUTE = Duration.ofMinutes(1);
    private static final Path MODULE = Repository.locate().get("proxy-runtime");
    /** Options in the POM and in deploy/images/build, as the image has them. */
    private static final Pattern OPTION =
            Pattern.compile("(?:<arg>|[ \"])(-X[^ \"<$]+|-D[a-z.]+=[a-z]+|--enable[^ \"<$]+)");

    @TempDir
    private Path folder;

    private Path home;

    @BeforeEach
    void unpack() throws Exception {
        run("tar", "-xzf", newest(".tar.gz").toString(), "-C", folder.toString());
        try (Stream<Path> entries = Files.list(folder)) {
            home = entries.findFirst().orElseThrow();
        }
        // TempDir is private; a service is another user.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void theScriptServesThroughALinkWithTheOptionsOfTheImage() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("wsroute-proxy"), home.resolve("bin/wsroute-proxy"));
        try (TestBackend backend = new TestBackend();
                StartedProgram proxy = new StartedProgram(
                        Map.of(
                                "WSROUTE_JAVA_OPTS",
                                "-Xmx64m -XX:+PrintCommandLineFlags",
                                "JAVA_HOME",
                                System.getProperty("java.home")),
                        command(List.of(link.toString()), config(backend.port()), 0))) {
            int port = port(proxy);

            assertThat(get(port, "/hello")).startsWith("GET /hello for 127.0.0.1");
            // Java has taken the place of the shell: a signal reaches it.
            String flags = proxy.awaitLine("(.*-XX:\\+UseSerialGC.*)");
            assertThat(flags)
                    .contains("-XX:MaxRAMPercentage=40", "-XX:MaxHeapSize=67108864", "-XX:InitialHeapSize=16777216");
            proxy.terminate();
            assertThat(proxy.exitStatus(A_MINUTE)).isZero();
            assertThat(proxy.lines()).anyMatch(line -> line.endsWith("Stopped"));
        }
    }

    @Test
    void theScriptFindsItsFilesWhereverItIsStartedFrom() throws Exception {
        Path blank = Files.createDirectory(folder.resolve("a folder"));
        Files.createSymbolicLink(blank.resolve("bin"), home.resolve("bin"));
        // Leads to another folder called bin.
        Path elsewhere =
                Files.createDirectories(folder.resolve("elsewhere/bin")).getParent();
        Path config = home.resolve("conf/proxy.yaml");

        assertThat(run("sh", "-c", "cd '" + blank + "' && bin/wsroute-proxy --check --config " + config))
                .anyMatch(line -> line.startsWith("OK: "));
        assertThat(run(
                        "sh",
                        "-c",
                        "cd " + home + " && CDPATH=" + elsewhere + " bin/wsroute-proxy --check --config " + config))
                .anyMatch(line -> line.startsWith("OK: "));
    }

    @Test
    void theOptionsAreThoseOfTheImage() throws IOException {
        List<String> options = Files.readAllLines(home.resolve("conf/jvm.options"));
        List<String> image = Stream.concat(
                        Files.readAllLines(MODULE.resolve("pom.xml")).stream()
                                .dropWhile(line -> !line.contains("<entrypoint>")),
                        Files.readAllLines(Repository.locate().get("deploy/images/build")).stream()
                                .filter(line -> line.matches(" *options=.*")))
                .flatMap(line -> OPTION.matcher(line).results())
                .map(found -> found.group(1))
                .toList();

        assertThat(image).hasSizeGreaterThan(8);
        assertThat(options).containsAll(image);
    }

    @Test
    void checkAcceptsTheConfigurationThatComesWithItAndNamesWhatIsWrong() throws Exception {
        String program = home.resolve("bin/wsroute-proxy").toString();
        Path good = home.resolve("conf/proxy.yaml");
        Path bad = Files.writeString(
                folder.resolve("bad.yaml"), Files.readString(good).replace("port: 8080", "port: 80800"));

        assertThat(run(program, "--config", good.toString(), "--check")).anyMatch(line -> line.startsWith("OK: "));
        try (StartedProgram check = StartedProgram.start(program, "--config", bad.toString(), "--check")) {
            assertThat(check.exitStatus(A_MINUTE)).isNotZero();
            assertThat(check.lines()).anyMatch(line -> line.contains("port"));
        }
    }

    @Test
    void withoutJavaItSaysWhatIsMissing() throws Exception {
        try (StartedProgram start = new StartedProgram(
                Map.of("JAVA_HOME", "/nowhere"),
                List.of(home.resolve("bin/wsroute-proxy").toString()))) {
            assertThat(start.exitStatus(A_MINUTE)).isOne();
            assertThat(start.lines())
                    .containsExactly(
                            "wsroute-proxy: /nowhere/bin/java was not found; install Java 17 or later, or set JAVA_HOME.");
        }
    }

    @Test
    void theServiceManagerUnderstandsEveryLineOfTheUnit() throws Exception {
        Path unit = unit();
        String analyze = InstalledPrograms.onPath("systemd-analyze").toString();

        assertThat(run(analyze, "verify", unit.toString())).isEmpty();
        // Exposure from 0 (none) to 100.
        assertThat(run(analyze, "security", "--offline=true", "--threshold=20", unit.toString()))
                .anyMatch(line -> line.contains("Overall exposure level"));
    }

    @Test
    void withTheCapabilityOfTheUnitAnUnprivilegedUserServesPort443() throws Exception {
        String user = "setpriv --reuid=65532 --regid=65532 --clear-groups --no-new-privs ";
        String capability = capability();
        String with = user + "--bounding-set=-all,+" + capability + " --inh-caps=-all,+" + capability
                + " --ambient-caps=-all,+" + capability + " ";
        assumeTrue(exitStatus("unshare --net " + with + "true") == 0);
        Path config = config(1);

        assertThat(served(with, config)).contains("status 502");
        assertThat(served(user + "--bounding-set=-all --inh-caps=-all ", config))
                .noneMatch(line -> line.startsWith("status"));
    }

    @Test
    void thePackageInstallsWhatTheArchiveHas() throws Exception {
        Path root = Files.createDirectory(folder.resolve("root"));
        String dpkg = InstalledPrograms.onPath("dpkg-deb").toString();
        run(dpkg, "-x", newest(".deb").toString(), root.toString());
        run(dpkg, "-e", newest(".deb").toString(), folder.resolve("control").toString());

        assertThat(run(
                        "diff",
                        "-r",
                        home.resolve("bin").toString(),
                        root.resolve("opt/wsroute-proxy/bin").toString()))
                .isEmpty();
        assertThat(run(
                        "diff",
                        "-r",
                        home.resolve("lib").toString(),
                        root.resolve("opt/wsroute-proxy/lib").toString()))
                .isEmpty();
        assertThat(run(
                        "diff",
                        "-r",
                        home.resolve("conf").toString(),
                        root.resolve("opt/wsroute-proxy/conf").toString()))
                .isEmpty();
        assertThat(run(
                        "diff",
                        "-r",
                        home.resolve("systemd").toString(),
                        root.resolve("lib/systemd/system").toString()))
                .isEmpty();
        assertThat(Files.readSymbolicLink(root.resolve("usr/bin/wsroute-proxy")))
                .isEqualTo(Path.of("/opt/wsroute-proxy/bin/wsroute-proxy"));
        for (String file : Files.readAllLines(folder.resolve("control/conffiles"))) {
            assertThat(root.resolve(file.substring(1))).isRegularFile();
        }
        for (String script : List.of("postinst", "prerm", "postrm")) {
            run("sh", "-n", folder.resolve("control").resolve(script).toString());
        }
    }

    /** What curl says to port 443 of a proxy that {@code as} starts in a network of its own. */
    private List<String> served(String as, Path config) throws Exception {
        Path script = Files.writeString(folder.resolve("run.sh"), """
                ip link set lo up
                %s %s/bin/wsroute-proxy --config %s --listen http=443 --bind-address 127.0.0.1 &
                proxy=$!
                until status=$(curl -s -o /dev/null -w '%%{http_code}' http://127.0.0.1:443/); do
                  kill -0 $proxy || exit 1
                  sleep 0.1
                done
                echo "status $status"
                kill -9 $proxy
                """.formatted(as, home, config));
        try (StartedProgram program = StartedProgram.start("unshare", "--net", "sh", script.toString())) {
            program.exitStatus(A_MINUTE);
            return program.lines();
        }
    }

    /** In the form of setpriv. */
    private String capability() throws IOException {
        return Files.readAllLines(home.resolve("systemd/wsroute-proxy.service")).stream()
                .filter(line -> line.startsWith("AmbientCapabilities=CAP_"))
                .map(line -> line.substring(line.indexOf('_') + 1).toLowerCase(Locale.ROOT))
                .findFirst()
                .orElseThrow();
    }

    /** The unit, with the paths that exist here. */
    private Path unit() throws IOException {
        String unit = Files.readString(home.resolve("systemd/wsroute-proxy.service"));
        return Files.writeString(
                folder.resolve("wsroute-proxy.service"), unit.replace("/opt/wsroute-proxy", home.toString()));
    }

    private Path config(int backendPort) throws IOException {
        String config = Files.readString(home.resolve("conf/proxy.yaml"));
        return Files.writeString(folder.resolve("proxy.yaml"), config.replace("port: 8010", "port: " + backendPort));
    }

    private static List<String> command(List<String> program, Path config, int port) {
        List<String> command = new ArrayList<>(program);
        command.addAll(List.of(
                "--config",
                config.toString(),
                "--listen",
                "http=" + port,
                "--bind-address",
                "127.0.0.1",
                "--admin-port",
                "0",
                "--shutdown-within",
                "1s"));
        return command;
    }

    private static int port(StartedProgram proxy) {
        return Integer.parseInt(proxy.awaitLine("listening: http on 127\\.0\\.0\\.1:(\\d+)"));
    }

    private static String get(int port, String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + port + path);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                .body();
    }

    private static int exitStatus(String command) throws Exception {
        try (StartedProgram program = StartedProgram.start("sh", "-c", command)) {
            return program.exitStatus(A_MINUTE);
        }
    }

    /** What it prints; it has to succeed. */
    private static List<String> run(String... command) throws Exception {
        try (StartedProgram program = StartedProgram.start(command)) {
            assertThat(program.exitStatus(A_MINUTE))
                    .as(() -> String.join("\n", program.lines()))
                    .isZero();
            return program.lines();
        }
    }

    /** Of the files that the build has written, with another version perhaps. */
    private static Path newest(String ending) throws IOException {
        try (Stream<Path> files = Files.list(MODULE.resolve("target"))) {
            return files.filter(file -> file.getFileName().toString().startsWith("wsroute-proxy-")
                            && file.getFileName().toString().endsWith(ending))
                    .max((one, other) -> Long.compare(
                            one.toFile().lastModified(), other.toFile().lastModified()))
                    .orElseThrow();
        }
    }
}
