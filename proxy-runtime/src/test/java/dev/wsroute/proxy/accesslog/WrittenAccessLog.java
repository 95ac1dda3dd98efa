// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.accesslog;

import dev.wsroute.testkit.Written;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** The access logs of all proxies in the processes of tests, in both formats, where the last step of the build looks for secrets. */
public final class WrittenAccessLog {

    private WrittenAccessLog() {}

    public static void add(AccessEntry entry) {
        try (OutputStream out = Written.to("access-log")) {
            new AccessJson().write(entry, out);
            new AccessText().write(entry, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
