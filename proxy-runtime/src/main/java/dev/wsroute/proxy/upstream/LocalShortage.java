package dev.wsroute.proxy.upstream;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Tells what this machine has run out of from what an endpoint is to blame for. Netty and the JDK tell it by the system's
 * words only.
 */
final class LocalShortage {

    private LocalShortage() {}

    /** EMFILE, ENFILE, ENOBUFS, ENOMEM: no connection can be begun now, to whomever. */
    static boolean ofDescriptors(@Nullable Throwable failure) {
        return says(failure, "too many open files")
                || says(failure, "no buffer space available")
                || says(failure, "cannot allocate memory");
    }

    /**
     * EADDRNOTAVAIL, EADDRINUSE, EAGAIN: no local port is left for connections to this endpoint (connect(2)). EPERM: the
     * table of tracked connections is full, or a local firewall forbids it.
     */
    static boolean ofPorts(@Nullable Throwable failure) {
        return says(failure, "cannot assign requested address")
                || says(failure, "address already in use")
                || says(failure, "resource temporarily unavailable")
                || says(failure, "operation not permitted");
    }

    private static boolean says(@Nullable Throwable failure, String words) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT).contains(words)) {
                return true;
            }
        }
        return false;
    }
}
