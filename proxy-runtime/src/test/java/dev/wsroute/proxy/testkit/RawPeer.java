// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.testkit;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** A connection that sends exactly the given bytes, and reads with a timeout. */
public final class RawPeer implements AutoCloseable {

    private static final int READ_TIMEOUT_MILLIS = 10_000;

    private final Socket socket;
    /** The socket itself, or TLS on it. */
    private final Socket spoken;

    private final InputStream in;
    private final OutputStream out;

    RawPeer(Socket socket) throws IOException {
        this(socket, socket);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(READ_TIMEOUT_MILLIS);
    }

    private RawPeer(Socket socket, Socket spoken) throws IOException {
        this.socket = socket;
        this.spoken = spoken;
        this.in = spoken.getInputStream();
        this.out = spoken.getOutputStream();
    }

    /**
     * The same connection over TLS, after the handshake. It ends its output and closes as without TLS. An end without
     * close_notify is an {@link SSLException}.
     */
    public RawPeer secure(SSLContext context) throws IOException {
        return secure(context, null);
    }

    /**
     * As {@link #secure(SSLContext)}.
     *
     * @param host the SNI; null for none
     * @param versions such as {@code TLSv1.2}; empty for the default
     */
    public RawPeer secure(SSLContext context, @Nullable String host, String... versions) throws IOException {
        SSLSocket secured = (SSLSocket) context.getSocketFactory()
                .createSocket(socket, socket.getInetAddress().getHostAddress(), socket.getPort(), true);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setServerNames(host == null ? List.of() : List.of(new SNIHostName(host)));
        if (versions.length > 0) {
            parameters.setProtocols(versions);
        }
        secured.setSSLParameters(parameters);
        secured.startHandshake();
        return new RawPeer(socket, secured);
    }

    /** The same connection over TLS, after a handshake with this end as the server. */
    public RawPeer secureServer(SSLContext context, boolean asksClients, String... versions) throws IOException {
        SSLSocket secured =
                (SSLSocket) context.getSocketFactory().createSocket(socket, InputStream.nullInputStream(), true);
        secured.setNeedClientAuth(asksClients);
        if (versions.length > 0) {
            secured.setEnabledProtocols(versions);
        }
        secured.startHandshake();
        return new RawPeer(socket, secured);
    }

    /** The SNI that the client sent; empty for none. */
    public String requestedHost() {
        return ((ExtendedSSLSession) session())
                .getRequestedServerNames().stream()
                        .map(name -> ((SNIHostName) name).getAsciiName())
                        .collect(Collectors.joining());
    }

    /** The TLS session. */
    public SSLSession session() {
        return ((SSLSocket) spoken).getSession();
    }

    public static RawPeer connect(InetSocketAddress address) throws IOException {
        return connect(address, 0);
    }

    /** @param receiveBuffer size of the receive buffer in bytes; 0 for the default */
    public static RawPeer connect(InetSocketAddress address, int receiveBuffer) throws IOException {
        Socket socket = new CuttingSocket();
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.connect(address, READ_TIMEOUT_MILLIS);
        return new RawPeer(socket);
    }

    /** Connects with TLS and completes the handshake. See {@link #secure(SSLContext, String, String...)}. */
    public static RawPeer secure(InetSocketAddress address, SSLContext tls, @Nullable String host, String... versions)
            throws IOException {
        RawPeer plain = connect(address);
        try {
            return plain.secure(tls, host, versions);
        } catch (IOException e) {
            plain.close();
            throw e;
        }
    }

    /** Whether a new connection is reset, perhaps while connecting. */
    public static boolean isResetOnArrival(InetSocketAddress address) throws IOException {
        try (RawPeer peer = connect(address)) {
            return peer.isReset();
        } catch (SocketException reset) {
            return true;
        }
    }

    /** What a sender does between two segments. */
    @FunctionalInterface
    public interface Pause {
        void run() throws InterruptedException;
    }

    /**
     * From now on each record of TLS is sent in two segments. Of connections that {@link #connect} made or a {@link RawBackend}
     * accepted.
     *
     * @param between until the other end has read the first
     */
    public void cutRecords(Pause between) {
        ((CuttingSocket) socket).cut(between);
    }

    public int localPort() {
        return socket.getLocalPort();
    }

    public RawPeer send(String latin1) throws IOException {
        return send(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    public RawPeer send(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
        return this;
    }

    public RawPeer send(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
        out.flush();
        return this;
    }

    /** Reads up to and including the empty line. */
    public String readHead() throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int matched = 0;
        while (matched < 4) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException("end of stream after: " + head.toString(StandardCharsets.ISO_8859_1));
            }
            head.write(b);
            matched = b == "\r\n\r\n".charAt(matched) ? matched + 1 : b == '\r' ? 1 : 0;
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    public byte[] read(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("end of stream after " + bytes.length + " of " + length + " bytes");
        }
        return bytes;
    }

    public String readText(int length) throws IOException {
        return new String(read(length), StandardCharsets.ISO_8859_1);
    }

    /** One read; -1 at the end of the stream. */
    public int readSome(byte[] into) throws IOException {
        return in.read(into);
    }

    /** One read; -1 at the end of the stream. */
    public int readSome(byte[] into, int offset, int length) throws IOException {
        return in.read(into, offset, length);
    }

    /** Everything until the end of the stream. */
    public String readToEnd() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    public Frame readFrame() throws IOException {
        return Frame.read(this);
    }

    /** Whether the next read returns the end of the stream. */
    public boolean atEnd() throws IOException {
        return in.read() < 0;
    }

    /** Waits for a reset by the other end. */
    public boolean isReset() throws IOException {
        try {
            byte[] rest = new byte[65536];
            while (in.read(rest) >= 0) {
                continue;
            }
            return false;
        } catch (SocketException reset) {
            return true;
        }
    }

    /** Whether nothing arrives for a short time. */
    public boolean hearsNothingFor(int millis) throws IOException {
        socket.setSoTimeout(millis);
        try {
            return in.read() < -1;
        } catch (java.net.SocketTimeoutException silence) {
            return true;
        } finally {
            socket.setSoTimeout(READ_TIMEOUT_MILLIS);
        }
    }

    public void endOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** Ends the output of TLS. */
    public void sendCloseNotify() throws IOException {
        spoken.shutdownOutput();
    }

    public void reset() throws IOException {
        if (!socket.isClosed()) {
            socket.setSoLinger(true, 0);
            socket.close();
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
