// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.migrate;

import dev.wsroute.operator.golden.GoldenFolder;
import java.io.IOException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What is printed for whole files. */
class MigrateGoldenTest {

    @TestFactory
    Stream<DynamicTest> routesAndRemarks() throws IOException {
        return GoldenFolder.tests(
                "migrate", folder -> folder.out("out-routes.yaml", convert(folder.text("in-ingresses.yaml"))));
    }

    private static String convert(String ingresses) {
        return new RouteBuilder("LoadBalancer")
                .convert(IngressReader.read(ingresses)).stream()
                        .map(route -> route.print(route.isLessProtected()))
                        .collect(Collectors.joining());
    }
}
