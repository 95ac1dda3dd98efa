// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.testkit;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/**
 * A client of TLS 1.3 that sends its first request together with the end of its handshake, in one segment. The server
 * decrypts both in one step.
 */
public final class EagerTlsClient {

    private static final int BUFFER = 64 * 1024;

    private final SSLEngine engine;
    private final ByteBuffer received = ByteBuffer.allocate(BUFFER);
    private final ByteArrayOutputStream end = new ByteArrayOutputStream();

    /** @param host the SNI */
    public EagerTlsClient(SSLContext context, String host) {
        engine = context.createSSLEngine();
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(new String[] {"TLSv1.3"});
        parameters.setServerNames(List.of(new SNIHostName(host)));
        engine.setSSLParameters(parameters);
    }

    /** Connects, and sends the request with the end of the handshake. Whoever reads from the connection gets ciphertext. */
    public static RawPeer send(InetSocketAddress server, SSLContext context, String host, String request)
            throws IOException {
        EagerTlsClient client = new EagerTlsClient(context, host);
        RawPeer peer = RawPeer.connect(server);
        peer.send(client.hello());
        return peer.send(client.end(peer, request));
    }

    public byte[] hello() throws IOException {
        return wrapped(new byte[0]);
    }

    /** Waits for the server's answer to the hello. Returns the client's last messages of the handshake, and the request. */
    public byte[] end(RawPeer peer, String request) throws IOException {
        byte[] some = new byte[BUFFER];
        while (true) {
            int length = peer.readSome(some);
            if (length < 0) {
                throw new EOFException();
            }
            if (receive(some, length)) {
                return endWith(request);
            }
        }
    }

    /** Receives a part of the server's answer to the hello. Returns whether it is complete. */
    public boolean receive(byte[] bytes, int length) throws IOException {
        received.put(bytes, 0, length);
        received.flip();
        ByteBuffer none = ByteBuffer.allocate(BUFFER);
        try {
            while (true) {
                switch (engine.getHandshakeStatus()) {
                    case NEED_TASK -> engine.getDelegatedTask().run();
                    case NEED_WRAP -> end.writeBytes(wrapped(new byte[0]));
                    case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                        if (engine.unwrap(received, none).bytesConsumed() == 0) {
                            return false;
                        }
                    }
                    default -> {
                        return true;
                    }
                }
            }
        } finally {
            received.compact();
        }
    }

    /** The client's last messages of the handshake, and the request. */
    public byte[] endWith(String request) throws IOException {
        end.writeBytes(wrapped(request.getBytes(StandardCharsets.ISO_8859_1)));
        return end.toByteArray();
    }

    private byte[] wrapped(byte[] bytes) throws IOException {
        ByteBuffer record = ByteBuffer.allocate(BUFFER);
        engine.wrap(ByteBuffer.wrap(bytes), record);
        return Arrays.copyOf(record.array(), record.position());
    }
}
