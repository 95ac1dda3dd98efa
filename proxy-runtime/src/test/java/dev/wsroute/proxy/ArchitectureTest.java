// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Which package of the runtime may use which. Two chains meet in the root package, which wires them: config →
 * balance → routing → discovery, and server → handshake → relay → frames; drain and metrics serve both.
 */
class ArchitectureTest {

    private static final String ROOT = "dev.wsroute.proxy";

    private static final Map<String, Set<String>> ALLOWED = Map.ofEntries(
            allow("pem"),
            allow("kube", "pem"),
            allow("jwt", "access", "drain", "material", "metrics", "routing"),
            allow("material", "kube"),
            allow("tls", "containment", "material", "memory", "metrics", "pem", "tcp"),
            allow("discovery", "containment", "kube"),
            allow("containment"),
            allow("memory", "containment"),
            allow("codec", "memory"),
            allow("clientaddress", "codec"),
            allow("admission", "metrics", "clientaddress"),
            allow("session", "containment", "kube"),
            allow("drain", "containment", "discovery"),
            allow("routing", "clientaddress", "codec", "discovery", "drain", "metrics", "tls"),
            allow("credentials", "access", "clientaddress", "material", "metrics", "routing"),
            allow("access", "clientaddress", "codec", "containment", "metrics", "routing"),
            allow(
                    "authz",
                    "access",
                    "clientaddress",
                    "codec",
                    "containment",
                    "discovery",
                    "drain",
                    "http.exchange",
                    "http.headers",
                    "memory",
                    "metrics",
                    "routing",
                    "tls",
                    "upstream"),
            allow("balance", "discovery", "metrics", "clientaddress", "routing", "session"),
            allow("snapshot", "admission", "codec", "clientaddress", "routing"),
            allow(
                    "config",
                    "access",
                    "balance",
                    "containment",
                    "discovery",
                    "drain",
                    "jwt",
                    "kube",
                    "memory",
                    "metrics",
                    "routing",
                    "session",
                    "snapshot",
                    "tls"),
            allow("rebalance", "balance", "config", "containment", "discovery", "drain", "report"),
            allow("topology", "balance", "config", "discovery"),
            allow("report", "config", "kube"),
            allow("state", "config", "discovery", "material", "session"),
            allow("metrics", "containment", "discovery", "drain", "memory"),
            allow("accesslog", "drain", "metrics"),
            allow("admin", "balance", "config", "containment", "discovery", "drain", "metrics"),
            allow("upstream", "containment", "discovery", "memory", "metrics", "routing", "tls"),
            allow("tcp", "containment", "memory"),
            allow("frames"),
            allow("http.headers", "clientaddress", "drain", "routing"),
            allow(
                    "http.request",
                    "codec",
                    "containment",
                    "http.headers",
                    "memory",
                    "metrics",
                    "clientaddress",
                    "routing"),
            allow(
                    "http.client",
                    "accesslog",
                    "admission",
                    "codec",
                    "containment",
                    "discovery",
                    "drain",
                    "http.headers",
                    "http.request",
                    "memory",
                    "metrics",
                    "clientaddress",
                    "routing",
                    "snapshot",
                    "tcp",
                    "tls"),
            allow(
                    "http.exchange",
                    "codec",
                    "containment",
                    "discovery",
                    "http.client",
                    "http.headers",
                    "http.request",
                    "memory",
                    "metrics",
                    "routing",
                    "snapshot",
                    "tcp",
                    "tls",
                    "upstream"),
            allow(
                    "relay",
                    "accesslog",
                    "containment",
                    "discovery",
                    "drain",
                    "frames",
                    "memory",
                    "metrics",
                    "routing",
                    "tcp"),
            allow(
                    "handshake",
                    "accesslog",
                    "containment",
                    "discovery",
                    "http.client",
                    "http.exchange",
                    "http.headers",
                    "http.request",
                    "metrics",
                    "relay",
                    "routing",
                    "tls",
                    "upstream"),
            allow(
                    "server",
                    "accesslog",
                    "admission",
                    "config",
                    "containment",
                    "drain",
                    "handshake",
                    "http.client",
                    "http.exchange",
                    "http.headers",
                    "http.request",
                    "memory",
                    "metrics",
                    "relay",
                    "routing",
                    "snapshot",
                    "tcp",
                    "tls",
                    "upstream"));

    private static final JavaClasses ALL = new ClassFileImporter().importPath("target/classes");

    private static Map.Entry<String, Set<String>> allow(String name, String... packages) {
        return Map.entry(name, Set.of(packages));
    }

    @Test
    void eachPackageKnowsOnlyThoseItMay() {
        ALLOWED.forEach((name, allowed) -> {
            Set<String> forbidden = new TreeSet<>(ALLOWED.keySet());
            forbidden.removeAll(allowed);
            forbidden.remove(name);
            String[] packages =
                    forbidden.stream().map(other -> ROOT + "." + other).toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage(ROOT + "." + name)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(packages)
                    .check(ALL);
            noClasses()
                    .that()
                    .resideInAPackage(ROOT + "." + name)
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage(ROOT)
                    .check(ALL);
        });
    }

    @Test
    void everyPackageIsInTheTable() {
        Set<String> packages = ALL.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> name.startsWith(ROOT + "."))
                .map(name -> name.substring(ROOT.length() + 1))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(packages).isEqualTo(new TreeSet<>(ALLOWED.keySet()));
    }

    @Test
    void eventLoopsRunForConnectionsOnlyWhatIsContained() {
        Set<String> guardThemselves = Set.of(
                // Guard each task of each connection, and report errors to the relay.
                "relay.ChannelWire",
                "relay.EpollWire",
                "relay.KeepaliveRounds",
                "relay.LoopTasks",
                "relay.LoopWheel",
                // Whoever submits waits for the result, or for the end.
                "server.ListeningSocket",
                "server.ProxyServer",
                // Contains errors of accepting.
                "tcp.TcpListener");
        Set<String> deferred = Set.of("execute", "schedule", "submit", "addListener");
        String[] packages = Stream.of(
                        "tcp",
                        "http.client",
                        "http.exchange",
                        "http.headers",
                        "http.request",
                        "handshake",
                        "server",
                        "relay",
                        "frames",
                        "upstream",
                        "authz")
                .map(name -> ROOT + "." + name)
                .toArray(String[]::new);

        Set<String> callers = ALL.stream()
                .filter(type -> Set.of(packages).contains(type.getPackageName()))
                .flatMap(type -> type.getMethodCallsFromSelf().stream())
                .filter(call -> deferred.contains(call.getName()))
                .filter(call -> call.getTargetOwner().getName().matches("(io\\.netty|java\\.util\\.concurrent)\\..*"))
                .filter(call -> !call.getTargetOwner().getSimpleName().equals("IoRegistration"))
                .map(call -> call.getOriginOwner()
                        .getName()
                        .substring(ROOT.length() + 1)
                        .replaceAll("\\$.*", ""))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(callers).isEqualTo(new TreeSet<>(guardThemselves));
    }

    @Test
    void thereAreNoCycles() {
        slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(ALL);
    }

    @Test
    void theRuntimeDoesNotKnowTheCustomResource() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.wsroute.api..")
                .check(ALL);
    }

    @Test
    void onlyWhatNeedsTheKubernetesApiTouchesItsClient() {
        Set<String> allowed = Set.of(
                "discovery.SliceSource",
                "config.ConfigMapSource",
                "session.SecretKeySource",
                "material.ObjectMaterialSource",
                "report.PolledReports",
                "report.ReportConfigMap",
                "ClusterAccess");
        Set<String> users = ALL.stream()
                .filter(type -> !type.getPackageName().equals(ROOT + ".kube"))
                .filter(type -> type.getDirectDependenciesFromSelf().stream()
                        .anyMatch(to -> to.getTargetClass().getPackageName().equals(ROOT + ".kube")))
                .map(type -> type.getName().substring(ROOT.length() + 1).replaceAll("\\$.*", ""))
                .collect(Collectors.toSet());

        assertThat(users).isEqualTo(allowed);
    }

    @Test
    void theRuntimeHasNoGeneralKubernetesClient() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.fabric8..")
                .check(ALL);
    }
}
