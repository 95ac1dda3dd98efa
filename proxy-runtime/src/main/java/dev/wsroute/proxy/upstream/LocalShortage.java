package dev.wsroute.proxy.upstream;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Tells what this process has run out of from what an endpoint is to blame for. */
final class LocalShortage {

    private LocalShortage() {}

    /**
     * Whether a connection could not even be begun: no file descriptor (EMFILE, ENFILE), no buffer (ENOBUFS) or no local
     * port (EADDRNOTAVAIL) was to be had. Netty and the JDK tell by the system's words only.
     */
    static boolean causes(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
            if (message.contains("too many open files")
                    || message.contains("no buffer space available")
                    || message.contains("cannot assign requested address")
                    || message.contains("can't assign requested address")) {
                return true;
            }
        }
        return false;
    }
}
