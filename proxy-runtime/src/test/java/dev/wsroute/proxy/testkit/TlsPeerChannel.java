// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Random;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

/** A socket with TLS that splits its bytes into records, and the records into segments, at random. */
public final class TlsPeerChannel implements PeerChannel {

    private static final int LONGEST_RECORD = 16 * 1024;

    private final SocketChannel socket;
    private final SSLEngine engine;
    private final Random random;
    private final Runnable settle;
    private final ByteBuffer received = ByteBuffer.allocate(64 * 1024);
    private final ByteBuffer decrypted = ByteBuffer.allocate(64 * 1024);
    private final ByteBuffer encrypted = ByteBuffer.allocate(64 * 1024);
    private boolean refused;

    private TlsPeerChannel(SocketChannel socket, SSLEngine engine, Random random, Runnable settle) {
        this.socket = socket;
        this.engine = engine;
        this.random = random;
        this.settle = settle;
        decrypted.flip();
        encrypted.flip();
    }

    /**
     * Completes the handshake. Blocks.
     *
     * @param settle waits until the other end has read what was sent; called between some pieces
     */
    public static TlsPeerChannel connect(SocketChannel socket, Random random, Runnable settle) throws IOException {
        SSLEngine engine = TestTls.clientContext().createSSLEngine();
        engine.setUseClientMode(true);
        TlsPeerChannel channel = new TlsPeerChannel(socket, engine, random, settle);
        channel.handshake();
        return channel;
    }

    /** As {@link #connect}, for an accepted connection. */
    public static TlsPeerChannel accept(SocketChannel socket, SSLContext context, Random random, Runnable settle)
            throws IOException {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        TlsPeerChannel channel = new TlsPeerChannel(socket, engine, random, settle);
        channel.handshake();
        return channel;
    }

    /** The records of these bytes, one for each element, without sending them. */
    public byte[] encrypted(byte[]... pieces) throws IOException {
        ByteArrayOutputStream records = new ByteArrayOutputStream();
        for (byte[] piece : pieces) {
            wrap(ByteBuffer.wrap(piece));
            byte[] record = new byte[encrypted.remaining()];
            encrypted.get(record);
            records.writeBytes(record);
        }
        return records.toByteArray();
    }

    private void handshake() throws IOException {
        engine.beginHandshake();
        ByteBuffer none = ByteBuffer.allocate(0);
        while (true) {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> engine.getDelegatedTask().run();
                case NEED_WRAP -> {
                    wrap(none);
                    while (encrypted.hasRemaining()) {
                        socket.write(encrypted);
                    }
                }
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    if (unwrap() == Status.BUFFER_UNDERFLOW && socket.read(received) < 0) {
                        throw new SSLException("The handshake was cut off");
                    }
                }
                default -> {
                    return;
                }
            }
        }
    }

    private void wrap(ByteBuffer bytes) throws IOException {
        encrypted.compact();
        SSLEngineResult result = engine.wrap(bytes, encrypted);
        encrypted.flip();
        if (result.getStatus() != Status.OK) {
            throw new SSLException("wrap: " + result);
        }
    }

    private Status unwrap() throws SSLException {
        received.flip();
        decrypted.compact();
        try {
            return engine.unwrap(received, decrypted).getStatus();
        } finally {
            received.compact();
            decrypted.flip();
        }
    }

    @Override
    public SocketChannel socket() {
        return socket;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        while (!decrypted.hasRemaining()) {
            Status status = unwrap();
            runTasks();
            if (status == Status.CLOSED && !decrypted.hasRemaining()) {
                return -1;
            }
            if (status == Status.BUFFER_UNDERFLOW) {
                int read = socket.read(received);
                if (read < 0 && !refused) {
                    throw new AssertionError("The stream ended without close_notify");
                }
                if (read < 0) {
                    return -1;
                }
                if (read == 0) {
                    return 0;
                }
            }
        }
        int length = Math.min(into.remaining(), decrypted.remaining());
        into.put(decrypted.slice().limit(length));
        decrypted.position(decrypted.position() + length);
        return length;
    }

    private void runTasks() {
        while (engine.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
            engine.getDelegatedTask().run();
        }
    }

    @Override
    public boolean write(ByteBuffer bytes) throws IOException {
        try {
            return encrypt(bytes);
        } catch (IOException e) {
            refused = true;
            throw e;
        }
    }

    private boolean encrypt(ByteBuffer bytes) throws IOException {
        while (true) {
            if (!send()) {
                return false;
            }
            if (!bytes.hasRemaining()) {
                return true;
            }
            int most = random.nextInt(4) == 0 ? 100 : LONGEST_RECORD;
            ByteBuffer record = bytes.slice().limit(Math.min(bytes.remaining(), 1 + random.nextInt(most)));
            wrap(record);
            bytes.position(bytes.position() + record.position());
        }
    }

    /** Returns whether everything is sent. */
    private boolean send() throws IOException {
        if (encrypted.hasRemaining() && random.nextInt(4) == 0) {
            ByteBuffer piece = encrypted.slice().limit(random.nextInt(encrypted.remaining()));
            socket.write(piece);
            encrypted.position(encrypted.position() + piece.position());
            settle.run();
        }
        socket.write(encrypted);
        return !encrypted.hasRemaining();
    }
}
