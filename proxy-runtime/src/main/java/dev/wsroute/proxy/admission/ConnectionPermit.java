// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.admission;

import dev.wsroute.proxy.admission.SlotPool.Slot;
import dev.wsroute.proxy.clientaddress.ClientKey;
import dev.wsroute.proxy.metrics.RefusalReason;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** The slots that one connection holds until it is {@linkplain #release released}. Used only on its event loop. */
public final class ConnectionPermit {

    private final AdmissionControl admission;
    private Slot slot;
    private @Nullable ClientKey client;
    private Slot clientSlot = Slot.NONE;
    /** Null while the connection counts for no subject. */
    private @Nullable String subject;

    private boolean handshaking;
    /** Whether the TLS handshake has taken the token of the first WebSocket handshake. */
    private boolean prepaid;

    ConnectionPermit(AdmissionControl admission, Slot slot) {
        this.admission = admission;
        this.slot = slot;
    }

    /**
     * Counts the connection against a client's limit.
     *
     * @return false when the client has no slot left, not even one to send a refusal: close the connection at once
     */
    public boolean acquireClientSlot(InetAddress address) {
        ClientKey key = ClientKey.of(address);
        clientSlot = admission.clients.acquire(key, admission.caps().connectionsPerClient());
        if (clientSlot == Slot.NONE) {
            return false;
        }
        client = key;
        return true;
    }

    /** Why requests on this connection are refused; null when they are served. */
    public @Nullable RefusalReason refusal() {
        if (slot == Slot.OVERFLOW) {
            slot = admission.connections.promote(admission.caps().connections());
            if (slot == Slot.OVERFLOW) {
                admission.countRefusal();
                return RefusalReason.CONNECTIONS;
            }
        }
        if (client != null && clientSlot == Slot.OVERFLOW) {
            clientSlot = admission.clients.promote(client, admission.caps().connectionsPerClient());
            if (clientSlot == Slot.OVERFLOW) {
                return RefusalReason.CLIENT_CONNECTIONS;
            }
        }
        return null;
    }

    /**
     * Counts a TLS handshake against the rate of handshakes. The first {@link #acquireHandshake} is not counted again.
     *
     * @return why it is refused; null when it may begin
     */
    public @Nullable RefusalReason acquireTlsHandshake() {
        if (!admission.handshakeRate.tryAcquire(admission.caps().handshakesPerSecond(), System.nanoTime())) {
            admission.countRefusal();
            return RefusalReason.HANDSHAKE_RATE;
        }
        prepaid = true;
        return null;
    }

    /**
     * Acquires a handshake slot, which {@link #releaseHandshake} returns. Where the client was not known before, since the
     * connection comes through a trusted proxy, the connection counts against this client from now on.
     *
     * @return why the handshake is refused; null when it may begin
     */
    public @Nullable RefusalReason acquireHandshake(InetAddress address) {
        Caps caps = admission.caps();
        if (client == null) {
            ClientKey key = ClientKey.of(address);
            clientSlot = admission.clients.tryAcquire(key, caps.connectionsPerClient());
            if (clientSlot == Slot.NONE) {
                return RefusalReason.CLIENT_CONNECTIONS;
            }
            client = key;
        }
        if (!admission.handshakes.tryAcquire(caps.pendingHandshakes())) {
            admission.countRefusal();
            return RefusalReason.PENDING_HANDSHAKES;
        }
        handshaking = true;
        boolean paid = prepaid;
        prepaid = false;
        if (!paid && !admission.handshakeRate.tryAcquire(caps.handshakesPerSecond(), System.nanoTime())) {
            releaseHandshake();
            admission.countRefusal();
            return RefusalReason.HANDSHAKE_RATE;
        }
        return null;
    }

    /**
     * Counts the connection against the limit of a subject, until it is closed.
     *
     * @param name who it is; connections of unknown clients are not counted
     * @return why the handshake is refused; null when it may go on
     */
    public @Nullable RefusalReason acquireSubject(@Nullable String name) {
        releaseSubject();
        if (name == null) {
            return null;
        }
        if (admission.subjects.tryAcquire(name, admission.caps().connectionsPerSubject()) == Slot.NONE) {
            return RefusalReason.SUBJECT_CONNECTIONS;
        }
        subject = name;
        return null;
    }

    private void releaseSubject() {
        String counted = subject;
        if (counted != null) {
            subject = null;
            admission.subjects.release(counted, Slot.REGULAR);
        }
    }

    /** Releases the handshake slot: the client was answered, or has disconnected. Further calls have no effect. */
    public void releaseHandshake() {
        if (handshaking) {
            handshaking = false;
            admission.handshakes.release(Slot.REGULAR);
        }
    }

    /** Releases all slots: the connection is closed. Further calls have no effect. */
    public void release() {
        releaseHandshake();
        releaseSubject();
        admission.connections.release(slot);
        slot = Slot.NONE;
        ClientKey key = client;
        if (key != null) {
            client = null;
            admission.clients.release(key, clientSlot);
            clientSlot = Slot.NONE;
        }
    }
}
