// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.LayoutBase;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Formats each event as one line for people, followed by the lines of a stack trace, which are indented except {@code Caused
 * by}. If a library warns about a broken connection, only the cause is added to the line: the stack trace is useless, and
 * there are hundreds of such warnings when a server stops. Messages, including those of exceptions, may contain untrusted
 * text, so they are made {@link Printable} and cannot forge a line.
 */
final class TextLayout extends LayoutBase<ILoggingEvent> {

    private static final String OURS = "dev.wsroute.";

    /** Causes may be cyclic. */
    private static final int MAX_CAUSES = 20;

    private final DateTimeFormatter time =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.systemDefault());
    private final Function<ILoggingEvent, String> subject;
    private final int maxText;

    /**
     * @param subject prefix of the message; may return an empty string
     * @param maxText maximum length of a message, and of a stack trace, in characters
     */
    TextLayout(Function<ILoggingEvent, String> subject, int maxText) {
        this.subject = subject;
        this.maxText = maxText;
    }

    @Override
    public String doLayout(ILoggingEvent event) {
        StringBuilder lines = new StringBuilder(160);
        time.formatTo(Instant.ofEpochMilli(event.getTimeStamp()), lines);
        lines.append(' ').append(event.getLevel());
        while (lines.length() < "HH:mm:ss.SSS LEVEL".length()) {
            lines.append(' ');
        }
        lines.append(' ');
        String about = subject.apply(event);
        if (!about.isEmpty()) {
            lines.append(Printable.of(about, maxText)).append(' ');
        }
        lines.append(Printable.of(String.valueOf(event.getFormattedMessage()), maxText));
        IThrowableProxy thrown = event.getThrowableProxy();
        Throwable broken = brokenConnection(event, thrown);
        if (broken != null) {
            lines.append(": ").append(Printable.of(broken.toString(), maxText));
        }
        lines.append('\n');
        if (thrown != null && broken == null) {
            trace(lines, thrown, "", "", lines.length() + maxText);
        }
        return lines.toString();
    }

    /** The innermost cause if the event is a library's warning about an I/O error, otherwise null. */
    private static @Nullable Throwable brokenConnection(ILoggingEvent event, @Nullable IThrowableProxy thrown) {
        if (!event.getLevel().equals(Level.WARN)
                || event.getLoggerName().startsWith(OURS)
                || !(thrown instanceof ThrowableProxy proxy)) {
            return null;
        }
        Throwable cause = proxy.getThrowable();
        for (int depth = 0; cause.getCause() != null && depth < MAX_CAUSES; depth++) {
            cause = cause.getCause();
        }
        return cause instanceof IOException ? cause : null;
    }

    private void trace(StringBuilder lines, IThrowableProxy thrown, String indent, String role, int end) {
        if (lines.length() > end) {
            return;
        }
        lines.append(indent).append(role).append(thrown.getClassName());
        if (thrown.getMessage() != null) {
            lines.append(": ").append(Printable.of(thrown.getMessage(), maxText));
        }
        lines.append('\n');
        if (thrown.isCyclic()) {
            return;
        }
        StackTraceElementProxy[] frames = thrown.getStackTraceElementProxyArray();
        int shown = frames.length - thrown.getCommonFrames();
        for (int i = 0; i < shown && lines.length() <= end; i++) {
            lines.append(indent).append('\t').append(frames[i]).append('\n');
        }
        if (thrown.getCommonFrames() > 0) {
            lines.append(indent)
                    .append("\t... ")
                    .append(thrown.getCommonFrames())
                    .append(" common frames omitted\n");
        }
        for (IThrowableProxy suppressed : thrown.getSuppressed()) {
            trace(lines, suppressed, indent + "\t", "Suppressed: ", end);
        }
        if (thrown.getCause() != null) {
            trace(lines, thrown.getCause(), indent, "Caused by: ", end);
        }
    }
}
