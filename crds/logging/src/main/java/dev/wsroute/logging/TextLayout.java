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
 * One line for each event, for people; the lines of a stack trace follow, each indented except {@code Caused by}. When a
 * library warns of a connection that broke, the cause is told in the same line: where in the library it was noticed helps
 * nobody, and such warnings come in hundreds when a server goes away.
 * Messages, also those of exceptions, may contain untrusted text: they are made {@link Printable}, so that none can
 * forge a line.
 */
final class TextLayout extends LayoutBase<ILoggingEvent> {

    private static final String OURS = "dev.wsroute.";

    /** Causes may go round in circles. */
    private static final int MOST_CAUSES = 20;

    private final DateTimeFormatter time =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.systemDefault());
    private final Function<ILoggingEvent, String> subject;
    private final int maxText;

    /**
     * @param subject what a line names before its message; empty for nothing
     * @param maxText longest message, and longest stack trace, in characters
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

    /** The innermost cause, if the event is a library's warning of an I/O error; otherwise null. */
    private static @Nullable Throwable brokenConnection(ILoggingEvent event, @Nullable IThrowableProxy thrown) {
        if (!event.getLevel().equals(Level.WARN)
                || event.getLoggerName().startsWith(OURS)
                || !(thrown instanceof ThrowableProxy proxy)) {
            return null;
        }
        Throwable cause = proxy.getThrowable();
        for (int depth = 0; cause.getCause() != null && depth < MOST_CAUSES; depth++) {
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
