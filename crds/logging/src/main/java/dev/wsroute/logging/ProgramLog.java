// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import com.fasterxml.jackson.core.JsonFactory;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import net.logstash.logback.decorate.JsonFactoryDecorator;
import net.logstash.logback.encoder.LogstashEncoder;
import net.logstash.logback.mask.MaskingJsonGeneratorDecorator;
import net.logstash.logback.stacktrace.ShortenedThrowableConverter;
import org.slf4j.LoggerFactory;

/** Configures logback: one line per event on standard output, as text for people or JSON for machines. */
public final class ProgramLog {

    /** Maximum length of a message or stack trace in characters; longer ones are truncated. */
    static final int MAX_TEXT = 16 * 1024;

    private ProgramLog() {}

    /**
     * @param level of wsroute's own loggers
     * @param libraries level of all other loggers
     * @param subject prefix of the message in text lines; may return an empty string
     * @return the context, to set the levels of single loggers
     */
    public static LoggerContext configure(
            LogFormat format,
            Level level,
            Level libraries,
            Function<ILoggingEvent, String> subject,
            StandardStreams streams) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        Encoder<ILoggingEvent> encoder = format == LogFormat.json ? json() : text(subject);
        encoder.setContext(context);
        encoder.start();
        LineAppender appender = new LineAppender(encoder, streams.lines());
        appender.setContext(context);
        appender.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(libraries);
        root.addAppender(appender);
        context.getLogger("dev.wsroute").setLevel(level);
        return context;
    }

    private static Encoder<ILoggingEvent> text(Function<ILoggingEvent, String> subject) {
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setLayout(new TextLayout(subject, MAX_TEXT));
        encoder.setCharset(StandardCharsets.UTF_8);
        return encoder;
    }

    private static Encoder<ILoggingEvent> json() {
        ShortenedThrowableConverter traces = new ShortenedThrowableConverter();
        traces.setMaxLength(MAX_TEXT);
        traces.start();
        MaskingJsonGeneratorDecorator cutting = new MaskingJsonGeneratorDecorator();
        cutting.addValueMasker((at, value) ->
                value instanceof CharSequence text && text.length() > MAX_TEXT ? text.subSequence(0, MAX_TEXT) : null);
        cutting.start();
        LogstashEncoder encoder = new LogstashEncoder();
        encoder.setLineSeparator("\n");
        encoder.setThrowableConverter(traces);
        encoder.setJsonFactoryDecorator(new JsonFactoryDecorator() {
            @Override
            public JsonFactory decorate(JsonFactory factory) {
                return AsciiEscapes.on(factory);
            }
        });
        encoder.setJsonGeneratorDecorator(cutting);
        return encoder;
    }
}
