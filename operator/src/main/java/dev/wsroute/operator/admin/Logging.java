// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.admin;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.wsroute.logging.LogFormat;
import dev.wsroute.logging.ProgramLog;
import dev.wsroute.logging.StandardStreams;
import java.util.Map;

/** Configures logging; each line names the route that is being reconciled. */
public final class Logging {

    private Logging() {}

    /**
     * @param level of wsroute's own loggers; libraries log at WARN or, if it is higher, at this level; with TRACE they log
     *     at DEBUG, which shows why an object was written
     */
    public static void configure(LogFormat format, Level level, StandardStreams streams) {
        LoggerContext context = ProgramLog.configure(format, level, ofLibraries(level), Logging::route, streams);
        if (level.isGreaterOrEqual(Level.DEBUG)) {
            // Repeats each failure with a stack trace, although the reconciler has logged it in a sentence.
            context.getLogger("io.javaoperatorsdk.operator.processing.event.EventProcessor")
                    .setLevel(Level.ERROR);
            // An error with a stack trace for each watch whose connection is gone before it is closed. The watch begins
            // again.
            context.getLogger("io.fabric8.kubernetes.client.vertx.VertxWebSocket")
                    .setLevel(Level.OFF);
            // "Connection reset" as an error without context, which requests and watches report where it matters.
            context.getLogger("io.vertx.core.net.impl.ConnectionBase").setLevel(Level.OFF);
        }
        // Warns at each start that our own API is v1alpha1.
        context.getLogger("io.fabric8.kubernetes.client.dsl.internal.VersionUsageUtils")
                .setLevel(Level.ERROR);
    }

    private static Level ofLibraries(Level level) {
        if (level == Level.TRACE) {
            return Level.DEBUG;
        }
        return level.isGreaterOrEqual(Level.WARN) ? level : Level.WARN;
    }

    /** The framework sets these MDC keys; the JSON format includes them as they are. */
    private static String route(ILoggingEvent event) {
        Map<String, String> context = event.getMDCPropertyMap();
        String name = context.get("resource.name");
        return name == null ? "" : context.getOrDefault("resource.namespace", "") + "/" + name;
    }
}
