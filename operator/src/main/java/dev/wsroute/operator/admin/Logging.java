package dev.wsroute.operator.admin;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.wsroute.logging.LogFormat;
import dev.wsroute.logging.ProgramLog;
import dev.wsroute.logging.StandardStreams;
import java.util.Map;

/** Sets up the operator's log, whose lines name the route being reconciled. */
public final class Logging {

    private Logging() {}

    /** @param level of wsroute's own loggers; libraries are at WARN, or at the level when it is higher;
     *     with TRACE they are at DEBUG, which tells why an object was written */
    public static void configure(LogFormat format, Level level, StandardStreams streams) {
        LoggerContext context = ProgramLog.configure(format, level, ofLibraries(level), Logging::route, streams);
        if (level.isGreaterOrEqual(Level.DEBUG)) {
            // Repeats with a stack trace, at each attempt, what the reconciler has said in a sentence.
            context.getLogger("io.javaoperatorsdk.operator.processing.event.EventProcessor")
                    .setLevel(Level.ERROR);
        }
        // Repeats, for each watch whose connection broke, what the watch says when it is opened anew.
        context.getLogger("io.fabric8.kubernetes.client.jdkhttp.JdkWebSocketImpl")
                .setLevel(Level.ERROR);
        // Says at each start that our own API is v1alpha1.
        context.getLogger("io.fabric8.kubernetes.client.dsl.internal.VersionUsageUtils")
                .setLevel(Level.ERROR);
    }

    private static Level ofLibraries(Level level) {
        if (level == Level.TRACE) {
            return Level.DEBUG;
        }
        return level.isGreaterOrEqual(Level.WARN) ? level : Level.WARN;
    }

    /** The reconciler's framework names the route by these keys; the JSON form carries them as they are. */
    private static String route(ILoggingEvent event) {
        Map<String, String> context = event.getMDCPropertyMap();
        String name = context.get("resource.name");
        return name == null ? "" : context.getOrDefault("resource.namespace", "") + "/" + name;
    }
}
