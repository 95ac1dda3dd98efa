// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.compile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.config.ConfigVersion;
import dev.wsroute.config.InvalidConfigException;
import dev.wsroute.config.ProxyConfigParser;
import dev.wsroute.operator.compile.Compilation.Compiled;
import dev.wsroute.operator.compile.Compilation.Refused;
import dev.wsroute.operator.golden.GoldenFolder;
import dev.wsroute.operator.grants.CurrentGrants;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Service;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Compiles the route of each folder, and reads each document back with the proxies' parser. */
class CompileGoldenTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TestFactory
    Stream<DynamicTest> compilesAsRecorded() throws IOException {
        return GoldenFolder.tests("compile", CompileGoldenTest::check);
    }

    private static void check(GoldenFolder golden) {
        WebSocketRoute route = golden.in("in-route.yaml", WebSocketRoute.class);
        List<Service> services = golden.all("in-service", Service.class);

        Compilation compilation = RouteCompiler.compile(
                route,
                name -> services.stream()
                        .filter(service -> service.getMetadata().getName().equals(name))
                        .findFirst(),
                foreign(golden),
                Map.of());

        if (compilation instanceof Refused refused) {
            golden.out(
                    "out-refused.txt",
                    refused.reason() + "\n"
                            + refused.problems().stream().map(p -> p + "\n").collect(Collectors.joining()));
        } else if (compilation instanceof Compiled compiled) {
            golden.out("out-config.json", pretty(compiled.document()));
            golden.out(
                    "out-unresolved.txt",
                    compiled.unresolved().stream()
                            .map(ref -> ref.reason() + ": " + ref.sentence() + "\n")
                            .collect(Collectors.joining()));
            golden.out(
                    "out-granted.txt",
                    compiled.grantedNamespaces().entrySet().stream()
                            .map(granted -> granted.getKey() + ": "
                                    + granted.getValue().stream()
                                            .map(GrantRef::name)
                                            .sorted()
                                            .collect(Collectors.joining(", "))
                                    + "\n")
                            .collect(Collectors.joining()));
            golden.out(
                    "out-key-sets.txt",
                    compiled.keySets().stream().map(need -> need + "\n").collect(Collectors.joining()));
            assertReadsAsWritten(compiled);
        }
    }

    /** The operator serves all namespaces but one; the cluster has ReferenceGrants if the folder has one. */
    private static ForeignServices foreign(GoldenFolder golden) {
        List<Service> services = golden.all("in-foreign-service", Service.class);
        List<GenericKubernetesResource> objects = golden.all("in-grant", GenericKubernetesResource.class);
        CurrentGrants grants = new CurrentGrants(Set.of("apps", "shared", "closed"));
        grants.installed(!objects.isEmpty());
        objects.forEach(object -> grants.put(
                object.getMetadata().getNamespace(), object.getMetadata().getName(), object));
        return (namespace, name) -> grants.permitting("apps", namespace, name).isEmpty()
                ? new ForeignServices.Lookup.Denied(grants.denial("apps", namespace, name))
                : new ForeignServices.Lookup.Permitted(
                        services.stream()
                                .filter(service ->
                                        service.getMetadata().getName().equals(name))
                                .findFirst(),
                        grants.permitting("apps", namespace, name));
    }

    private static void assertReadsAsWritten(Compiled compiled) {
        try {
            assertThat(new ProxyConfigParser().parse(compiled.document(), true).config())
                    .isEqualTo(compiled.config());
        } catch (InvalidConfigException e) {
            throw new AssertionError(e.sentences().toString(), e);
        }
        assertThat(compiled.version())
                .isEqualTo(ConfigVersion.of(compiled.version().generation(), compiled.config()))
                .isEqualTo(compiled.config().version());
    }

    private static String pretty(String json) {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(JSON.readTree(json)) + "\n";
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
