// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.testkit;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A longer default timeout for Awaitility. In its ten seconds, a busy machine may not even have started a JVM. A condition
 * that is met costs no more time with a longer limit. Registered by {@code META-INF/services}
 * for all tests of a module that depends on this one.
 */
public final class AwaitLonger implements BeforeAllCallback {

    private static final Duration LIMIT = Duration.ofMinutes(1);

    @Override
    public void beforeAll(ExtensionContext context) {
        Awaitility.setDefaultTimeout(LIMIT);
    }
}
