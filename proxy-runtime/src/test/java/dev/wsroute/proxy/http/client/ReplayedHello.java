// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.client;

import dev.wsroute.proxy.testkit.RawPeer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/** A client hello with a session ticket that can be replaced. */
final class ReplayedHello {

    private static final int RECORD_HEADER = 5;
    private static final int MESSAGE_HEADER = 4;
    private static final int SESSION_TICKET = 35;
    private static final int PRE_SHARED_KEY = 41;
    private static final int MAX_RECORD = 16 * 1024;

    private static final int CHANGE_CIPHER_SPEC = 20;
    private static final int HANDSHAKE = 22;
    private static final int SERVER_HELLO = 2;
    private static final int CERTIFICATE = 11;

    private final byte[] message;
    private final boolean tls13;
    /** Positions of the length of the extensions, of the ticket's extension and of the ticket. */
    private final int extensions;

    private final int extension;
    private final int ticketAt;
    private final int ticketLength;

    /** How a server answers. */
    enum Answer {
        RESUMED,
        FULL,
        ALERT
    }

    private ReplayedHello(byte[] message, String version) {
        this.message = message;
        tls13 = version.equals("TLSv1.3");
        int at = MESSAGE_HEADER + 2 + 32;
        at += 1 + number(at, 1);
        at += 2 + number(at, 2);
        at += 1 + number(at, 1);
        extensions = at;
        at += 2;
        while (number(at, 2) != (tls13 ? PRE_SHARED_KEY : SESSION_TICKET)) {
            at += 4 + number(at + 2, 2);
        }
        extension = at;
        // TLS 1.3: the lengths of the list and of its only identity.
        ticketAt = tls13 ? at + 8 : at + 4;
        ticketLength = number(ticketAt - 2, 2);
    }

    /** The hello of a client that resumes a session of this server. */
    static ReplayedHello of(SSLContext client, InetSocketAddress server, String version) throws IOException {
        try (RawPeer first = RawPeer.secure(server, client, null, version)) {
            first.send("GET / HTTP/1.1\r\nHost: nowhere.example\r\nConnection: close\r\n\r\n");
            first.readToEnd();
        }
        SSLEngine engine = client.createSSLEngine(server.getAddress().getHostAddress(), server.getPort());
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(new String[] {version});
        engine.setSSLParameters(parameters);
        ByteBuffer record = ByteBuffer.allocate(17 * 1024);
        engine.wrap(ByteBuffer.allocate(0), record);
        return new ReplayedHello(Arrays.copyOfRange(record.array(), RECORD_HEADER, record.position()), version);
    }

    private int number(int at, int bytes) {
        int value = 0;
        for (int i = 0; i < bytes; i++) {
            value = value << 8 | message[at + i] & 0xff;
        }
        return value;
    }

    byte[] ticket() {
        return Arrays.copyOfRange(message, ticketAt, ticketAt + ticketLength);
    }

    /** The hello in records, with this ticket. */
    byte[] with(byte[] ticket) {
        int more = ticket.length - ticketLength;
        ByteBuffer changed = ByteBuffer.allocate(message.length + more);
        changed.put(message, 0, ticketAt).put(ticket);
        changed.put(message, ticketAt + ticketLength, message.length - ticketAt - ticketLength);
        changed.putInt(0, changed.getInt(0) + more);
        add(changed, extensions, more);
        add(changed, extension + 2, more);
        if (tls13) {
            add(changed, extension + 4, more);
            add(changed, extension + 6, more);
        }
        ByteArrayOutputStream records = new ByteArrayOutputStream();
        for (int at = 0; at < changed.capacity(); at += MAX_RECORD) {
            int length = Math.min(MAX_RECORD, changed.capacity() - at);
            records.writeBytes(new byte[] {HANDSHAKE, 3, 1, (byte) (length >> 8), (byte) length});
            records.write(changed.array(), at, length);
        }
        return records.toByteArray();
    }

    private static void add(ByteBuffer message, int at, int more) {
        message.putShort(at, (short) (message.getShort(at) + more));
    }

    /** Sends it and reads the answer until it shows whether the session is resumed. */
    Answer send(InetSocketAddress server, byte[] ticket) throws IOException {
        try (RawPeer peer = RawPeer.connect(server)) {
            peer.send(with(ticket));
            boolean greeted = false;
            while (true) {
                byte[] header = peer.read(RECORD_HEADER);
                byte[] record = peer.read((header[3] & 0xff) << 8 | header[4] & 0xff);
                if (header[0] == CHANGE_CIPHER_SPEC) {
                    return Answer.RESUMED;
                }
                if (header[0] != HANDSHAKE) {
                    return Answer.ALERT;
                }
                for (int at = 0; at < record.length; ) {
                    int length = ByteBuffer.wrap(record).getInt(at) & 0xffffff;
                    if (record[at] == SERVER_HELLO && tls13) {
                        return choosesPreSharedKey(Arrays.copyOfRange(record, at, at + MESSAGE_HEADER + length))
                                ? Answer.RESUMED
                                : Answer.FULL;
                    }
                    greeted |= record[at] == SERVER_HELLO;
                    if (greeted && record[at] == CERTIFICATE) {
                        return Answer.FULL;
                    }
                    at += MESSAGE_HEADER + length;
                }
            }
        }
    }

    private static boolean choosesPreSharedKey(byte[] hello) {
        ByteBuffer bytes = ByteBuffer.wrap(hello);
        int at = MESSAGE_HEADER + 2 + 32;
        at += 1 + hello[at] + 2 + 1 + 2;
        while (at < hello.length) {
            if (bytes.getShort(at) == PRE_SHARED_KEY) {
                return true;
            }
            at += 4 + bytes.getShort(at + 2);
        }
        return false;
    }
}
