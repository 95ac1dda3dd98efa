// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Decrypts what a read of the socket brings, all whole records of it, so that the engine holds neither ciphertext nor
 * plaintext between reads. Ends with the peer's close_notify. Its alerts and broken records are exceptions.
 */
final class TlsDecoder implements WireDecoder {

    /** Ciphertext of one read, which fits into the loop's buffer once it is decrypted. In bytes. */
    private static final int READ = 64 * 1024;

    /** More than the longest record: 16 KiB, what encryption adds, and its header (RFC 5246 §6.2.3). In bytes. */
    private static final int LESS = 20 * 1024;

    private final SSLEngine engine;
    private final TlsEncoder encoder;
    private final LoopBuffer plaintext;
    private final LoopBuffer ciphertext;
    private final UndecryptedBytes undecrypted;
    /** Null once no more records can come from it. */
    private @Nullable TlsHandover handover;

    private int most = READ;
    private int decoded;
    private boolean mayHaveMore;
    /** Whole records may be among the undecrypted bytes. */
    private boolean holdsRecords;
    /** Thrown once the plaintext before it is passed on. */
    private @Nullable SSLException failure;

    TlsDecoder(TlsHandover handover, TlsEncoder encoder, LoopBuffer plaintext, UndecryptedBytes undecrypted) {
        this.handover = handover;
        this.engine = handover.engine();
        this.encoder = encoder;
        this.plaintext = plaintext;
        this.ciphertext = plaintext.ciphertext();
        this.undecrypted = undecrypted;
    }

    @Override
    public int receive(Socket socket) throws IOException {
        decoded = 0;
        takeRecords();
        if (failure != null) {
            throw failure;
        }
        if (engine.isInboundDone()) {
            return -1;
        }
        return holdsRecords ? decryptHeld() : decryptRead(socket);
    }

    private void takeRecords() {
        TlsHandover first = handover;
        if (first != null) {
            handover = null;
            first.leavePipeline();
            ByteBuf records = first.takeRecords();
            if (records != null) {
                undecrypted.take(records);
                holdsRecords = true;
            }
        }
    }

    private int decryptHeld() throws IOException {
        int held = undecrypted.length();
        int length = Math.min(held, most);
        undecrypted.copyTo(ciphertext.buffer(), length);
        holdsRecords = length < held;
        undecrypted.drop(decrypt(length));
        mayHaveMore = true;
        return length;
    }

    private int decryptRead(Socket socket) throws IOException {
        int before = undecrypted.length();
        int read = socket.recvAddress(ciphertext.address(), before, most);
        if (read <= 0) {
            return read;
        }
        int end = before + read;
        undecrypted.copyTo(ciphertext.buffer(), before);
        mayHaveMore = end == most;
        undecrypted.keep(ciphertext.buffer(), decrypt(end), end);
        return read;
    }

    /** Decrypts all whole records. Returns where they end. */
    private int decrypt(int end) throws IOException {
        int start = 0;
        int into = LoopBuffer.HEADROOM;
        try {
            for (int next = TlsRecord.end(ciphertext.buffer(), start, end);
                    next >= 0;
                    next = TlsRecord.end(ciphertext.buffer(), start, end)) {
                SSLEngineResult result =
                        engine.unwrap(ciphertext.view(start, next), plaintext.view(into, plaintext.capacity()));
                start += result.bytesConsumed();
                into += result.bytesProduced();
                decoded = into - LoopBuffer.HEADROOM;
                if (engine.isInboundDone()) {
                    mayHaveMore = true;
                    return end;
                }
                if (result.getStatus() == Status.BUFFER_OVERFLOW && decoded > 0) {
                    holdsRecords = true;
                    mayHaveMore = true;
                    return start;
                }
                follow(result);
            }
            return start;
        } catch (SSLException e) {
            encoder.alert();
            if (decoded == 0) {
                throw e;
            }
            failure = e;
            mayHaveMore = true;
            return end;
        }
    }

    private void follow(SSLEngineResult result) throws IOException {
        boolean answered = result.getHandshakeStatus() == HandshakeStatus.NEED_WRAP && encoder.answer();
        if (!answered && result.bytesConsumed() == 0) {
            // It awaits something else, such as a task of a renegotiation.
            throw new SSLException("A TLS record cannot be decrypted: " + result);
        }
    }

    @Override
    public int decoded() {
        return decoded;
    }

    @Override
    public boolean mayHaveMore() {
        return mayHaveMore;
    }

    @Override
    public void readLess() {
        most = LESS;
    }

    @Override
    public void release() {
        undecrypted.release();
    }
}
