// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.echo;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

/** The image of the sample backend contains only the server and Netty. */
class EchoPackagesTest {

    private static final JavaClasses CLASSES = new ClassFileImporter().importPath("target/classes");

    @Test
    void serverAndClientNeedNothingButNetty() {
        for (String self : new String[] {"dev.wsroute.e2e.echo", "dev.wsroute.e2e.client"}) {
            classes()
                    .that()
                    .resideInAPackage(self)
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(self, "java..", "io.netty..", "org.jspecify..")
                    .check(CLASSES);
        }
    }
}
