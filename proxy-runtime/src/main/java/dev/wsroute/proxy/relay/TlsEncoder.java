// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

/**
 * Encrypts what is written at once, into the loop's buffer of ciphertext, and sends it in one system call. Only what the
 * socket does not take is copied.
 */
final class TlsEncoder implements WireEncoder {

    private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);

    private final SSLEngine engine;
    private final LoopBuffer plaintext;
    private final LoopBuffer ciphertext;
    private final WriteQueue queue;
    private final ByteBufAllocator allocator;
    private boolean holdsBack;

    TlsEncoder(SSLEngine engine, LoopBuffer plaintext, WriteQueue queue, ByteBufAllocator allocator) {
        this.engine = engine;
        this.plaintext = plaintext;
        this.ciphertext = plaintext.ciphertext();
        this.queue = queue;
        this.allocator = allocator;
    }

    @Override
    public void write(ByteBuf from, int start, int end) throws IOException {
        ByteBuffer source =
                plaintext.holds(from) ? plaintext.view(start, end) : from.internalNioBuffer(start, end - start);
        int length = 0;
        while (source.hasRemaining()) {
            SSLEngineResult result = engine.wrap(source, ciphertext.view(length, ciphertext.capacity()));
            length += result.bytesProduced();
            if (result.getStatus() == Status.BUFFER_OVERFLOW && length > 0) {
                send(length);
                length = 0;
            } else if (result.bytesProduced() == 0) {
                if (result.getStatus() == Status.CLOSED) {
                    // The peer has sent close_notify and reads no more.
                    break;
                }
                throw new SSLException("Nothing can be encrypted: " + result);
            }
        }
        send(length);
    }

    private void send(int length) throws IOException {
        if (length > 0) {
            if (holdsBack) {
                queue.hold(ciphertext.buffer(), 0, length);
            } else {
                queue.write(ciphertext.buffer(), 0, length);
            }
        }
    }

    @Override
    public void holdBack() {
        holdsBack = true;
    }

    @Override
    public void flush() throws IOException {
        if (holdsBack) {
            holdsBack = false;
            queue.sendHeld();
        }
    }

    /** Sends close_notify. */
    @Override
    public void writeEnd() throws IOException {
        engine.closeOutbound();
        int length = 0;
        SSLEngineResult result;
        do {
            result = engine.wrap(NOTHING, ciphertext.view(length, ciphertext.capacity()));
            length += result.bytesProduced();
        } while (result.getStatus() == Status.OK && result.bytesProduced() > 0);
        send(length);
        flush();
    }

    /**
     * Sends what the engine has to say to what it was given: a KeyUpdate or an alert.
     *
     * @return whether it had anything
     * @throws SSLException what the alert is about
     */
    boolean answer() throws IOException {
        ByteBuf records = allocator.directBuffer(engine.getSession().getPacketBufferSize());
        try {
            SSLEngineResult result;
            do {
                result =
                        engine.wrap(NOTHING, records.internalNioBuffer(records.writerIndex(), records.writableBytes()));
                records.writerIndex(records.writerIndex() + result.bytesProduced());
            } while (result.bytesProduced() > 0 && wrapsOn(result));
            return records.isReadable();
        } finally {
            try {
                queue.write(records, 0, records.writerIndex());
            } finally {
                records.release();
            }
        }
    }

    /** Sends the alert after a failure, if the engine has one and the socket takes it. */
    void alert() {
        if (engine.getHandshakeStatus() != HandshakeStatus.NEED_WRAP) {
            return;
        }
        try {
            answer();
        } catch (IOException e) {
            // The input is broken anyway.
        }
    }

    /** The OpenSSL engine throws what its alert was about when it is called again. The JDK's would wrap nothing. */
    private boolean wrapsOn(SSLEngineResult result) {
        return engine instanceof ReferenceCountedOpenSslEngine
                || result.getHandshakeStatus() == HandshakeStatus.NEED_WRAP;
    }
}
