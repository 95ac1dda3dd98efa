// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy;

import picocli.CommandLine.IVersionProvider;

/** The version of the jar. */
final class ProxyVersion implements IVersionProvider {

    static String text() {
        String version = ProxyVersion.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    @Override
    public String[] getVersion() {
        return new String[] {"wsroute-proxy " + text() + " (Java " + Runtime.version() + ")"};
    }
}
