// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.upstream;

import io.netty.channel.ChannelException;
import io.netty.channel.unix.Errors.NativeIoException;
import java.io.IOException;
import java.net.ConnectException;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Separates what this machine has run out of from what an endpoint is to blame for, by the number of the system's error
 * (errno(3), as on Linux) where epoll drives the sockets. On NIO a socket that cannot be opened is a shortage of
 * descriptors, and a missing local port is no {@link ConnectException} to begin with.
 */
final class LocalShortage {

    private static final int EPERM = 1;
    private static final int EAGAIN = 11;
    private static final int ENOMEM = 12;
    private static final int ENFILE = 23;
    private static final int EMFILE = 24;
    private static final int EADDRINUSE = 98;
    private static final int EADDRNOTAVAIL = 99;
    private static final int ENOBUFS = 105;

    private static final Set<Integer> DESCRIPTORS = Set.of(EMFILE, ENFILE, ENOBUFS, ENOMEM);
    private static final Set<Integer> PORTS = Set.of(EADDRNOTAVAIL, EADDRINUSE, EAGAIN, EPERM);

    /** What Netty's {@code Errors} makes of connect(2)'s error: the exception has no other trace of the number. */
    private static final Pattern CONNECT_ERROR = Pattern.compile("failed with error\\(-(\\d{1,4})\\)");

    private LocalShortage() {}

    /** EMFILE, ENFILE, ENOBUFS, ENOMEM: no connection can be opened now, to any endpoint. */
    static boolean ofDescriptors(@Nullable Throwable failure) {
        int error = error(failure);
        return error == 0 ? isUnopened(failure) : DESCRIPTORS.contains(error);
    }

    /**
     * EADDRNOTAVAIL, EADDRINUSE, EAGAIN: no local port is left for this endpoint (connect(2)). EPERM: the conntrack
     * table is full, or a local firewall blocks the connection.
     */
    static boolean ofPorts(@Nullable Throwable failure) {
        return PORTS.contains(error(failure));
    }

    /** An address family that is not supported is no {@link IOException}. */
    private static boolean isUnopened(@Nullable Throwable failure) {
        return failure instanceof ChannelException && failure.getCause() instanceof IOException;
    }

    /** The number of the system's error, 0 if none is known. */
    private static int error(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof NativeIoException known) {
                return -known.expectedErr();
            }
            if (cause instanceof ConnectException && cause.getMessage() != null) {
                Matcher number = CONNECT_ERROR.matcher(cause.getMessage());
                if (number.find()) {
                    return Integer.parseInt(number.group(1));
                }
            }
        }
        return 0;
    }
}
