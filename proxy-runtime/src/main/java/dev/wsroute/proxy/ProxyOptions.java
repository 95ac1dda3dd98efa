// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy;

import ch.qos.logback.classic.Level;
import dev.wsroute.logging.LogFormat;
import dev.wsroute.proxy.admin.AdminOptions;
import dev.wsroute.proxy.memory.MemoryPlan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Options from the command line and the environment.
 *
 * @param configFile exactly one of this and {@code configMap}
 * @param configMap {@code NAMESPACE/NAME}
 * @param reportConfigMap {@code NAMESPACE/NAME}; null for no reports
 * @param stateDir stores the last good configuration and endpoints; null for none
 * @param secretsDir stores the last good certificates and keys of Secrets; null for none
 * @param podName the report's key; null outside a pod
 * @param zone the zone of this process; null to read it from EndpointSlices
 * @param loopbackEndpoints whether endpoints may have loopback addresses
 * @param listen port of each listener by name; empty to use the configuration's listeners
 * @param memory sizes of the memory budgets
 * @param shutdownWithin maximum time of a shutdown; null for that of the configuration
 */
record ProxyOptions(
        @Nullable Path configFile,
        @Nullable ObjectName configMap,
        @Nullable ObjectName reportConfigMap,
        @Nullable Path stateDir,
        @Nullable Path secretsDir,
        @Nullable String podName,
        @Nullable String zone,
        boolean loopbackEndpoints,
        Map<String, Integer> listen,
        @Nullable Duration shutdownWithin,
        String bindAddress,
        AdminOptions admin,
        String io,
        LogFormat logFormat,
        Level logLevel,
        MemoryPlan memory) {

    /** A namespaced object's name. */
    record ObjectName(String namespace, String name) {

        /** @throws IllegalArgumentException with the rest of a sentence that begins with the flag */
        static ObjectName parse(String text) {
            int slash = text.indexOf('/');
            if (slash <= 0 || slash == text.length() - 1 || text.indexOf('/', slash + 1) >= 0) {
                throw new IllegalArgumentException("must be of the form NAMESPACE/NAME, got '" + text + "'");
            }
            return new ObjectName(text.substring(0, slash), text.substring(slash + 1));
        }

        @Override
        public String toString() {
            return namespace + "/" + name;
        }
    }
}
