// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** One cluster for the whole run, and a namespace for each test. */
final class ClusterExtension implements ParameterResolver, AfterAllCallback {

    private static final Namespace STORE = Namespace.create(ClusterExtension.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == Space.class || type == SuiteCluster.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        SuiteCluster cluster = context.getRoot()
                .getStore(STORE)
                .computeIfAbsent(SuiteCluster.class, type -> SuiteCluster.open(), SuiteCluster.class);
        return parameter.getParameter().getType() == SuiteCluster.class
                ? cluster
                : context.getStore(STORE).computeIfAbsent(Space.class, type -> Space.create(cluster), Space.class);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        SuiteCluster cluster = context.getRoot().getStore(STORE).get(SuiteCluster.class, SuiteCluster.class);
        if (cluster != null) {
            cluster.record(context.getRequiredTestClass());
        }
    }
}
