package dev.wsroute.operator.admin;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import net.logstash.logback.encoder.LogstashEncoder;
import org.slf4j.LoggerFactory;

/** Sets up logback: one line an event on standard output, naming the route that is worked on. */
public final class Logging {

    /** The reconciler's framework names the route by these keys; the JSON form carries them as they are. */
    private static final String ROUTE = "%replace(%X{resource.namespace}/%X{resource.name} ){'^/ $', ''}";

    private Logging() {}

    /** @param level of wsroute's own loggers; libraries are at WARN, or at the level when it is higher;
     *     with TRACE they are at DEBUG, which tells why an object was written */
    public static void configure(LogFormat format, Level level) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(context);
        console.setEncoder(format == LogFormat.json ? json(context) : text(context));
        console.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(ofLibraries(level));
        root.addAppender(console);
        context.getLogger("dev.wsroute").setLevel(level);
        if (level.isGreaterOrEqual(Level.DEBUG)) {
            // Repeats with a stack trace, at each attempt, what the reconciler has said in a sentence.
            context.getLogger("io.javaoperatorsdk.operator.processing.event.EventProcessor")
                    .setLevel(Level.ERROR);
        }
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

    private static Encoder<ILoggingEvent> text(LoggerContext context) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern("%d{HH:mm:ss.SSS} %-5level " + ROUTE + "%msg%n%ex");
        encoder.start();
        return encoder;
    }

    private static Encoder<ILoggingEvent> json(LoggerContext context) {
        LogstashEncoder encoder = new LogstashEncoder();
        encoder.setContext(context);
        encoder.start();
        return encoder;
    }
}
