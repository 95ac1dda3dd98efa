package dev.wsroute.proxy.admission;

import dev.wsroute.proxy.admission.Places.Standing;
import dev.wsroute.proxy.metrics.RefusalReason;
import dev.wsroute.proxy.request.ClientKey;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** What one connection takes up, until it {@linkplain #leave leaves}. Used on its event loop only. */
public final class Visit {

    private final Admission admission;
    private Standing standing;
    private @Nullable ClientKey client;
    private Standing clientStanding = Standing.OUT;
    private boolean handshaking;

    Visit(Admission admission, Standing standing) {
        this.admission = admission;
        this.standing = standing;
    }

    /**
     * The connection is this client's.
     *
     * @return false when so many of this client's wait already to be refused that this one is to be closed at once
     */
    public boolean from(InetAddress address) {
        ClientKey key = ClientKey.of(address);
        clientStanding = admission.clients.come(key, admission.caps().connectionsPerClient());
        if (clientStanding == Standing.OUT) {
            return false;
        }
        client = key;
        return true;
    }

    /** Why a request on this connection is not served; null when it is. */
    public @Nullable RefusalReason refusal() {
        if (standing == Standing.WAITING) {
            standing = admission.connections.again(admission.caps().connections());
            if (standing == Standing.WAITING) {
                return RefusalReason.CONNECTIONS;
            }
        }
        if (client != null && clientStanding == Standing.WAITING) {
            clientStanding = admission.clients.again(client, admission.caps().connectionsPerClient());
            if (clientStanding == Standing.WAITING) {
                return RefusalReason.CLIENT_CONNECTIONS;
            }
        }
        return null;
    }

    /**
     * A handshake begins, which ends by {@link #handshakeAnswered}. A connection whose client is not known yet, since it
     * comes through a proxy, is this client's from now on.
     *
     * @return why it may not; null when it does
     */
    public @Nullable RefusalReason handshake(InetAddress address) {
        Caps caps = admission.caps();
        if (client == null) {
            ClientKey key = ClientKey.of(address);
            clientStanding = admission.clients.takeOne(key, caps.connectionsPerClient());
            if (clientStanding == Standing.OUT) {
                return RefusalReason.CLIENT_CONNECTIONS;
            }
            client = key;
        }
        if (!admission.handshakes.takeOne(caps.pendingHandshakes())) {
            return RefusalReason.PENDING_HANDSHAKES;
        }
        handshaking = true;
        if (!admission.pace.take(caps.handshakesPerSecond(), System.nanoTime())) {
            handshakeAnswered();
            return RefusalReason.HANDSHAKE_RATE;
        }
        return null;
    }

    /** The client has its 101, or another answer, or is gone. */
    public void handshakeAnswered() {
        if (handshaking) {
            handshaking = false;
            admission.handshakes.leave(Standing.IN);
        }
    }

    /** The connection is closed. */
    public void leave() {
        handshakeAnswered();
        admission.connections.leave(standing);
        standing = Standing.OUT;
        ClientKey key = client;
        if (key != null) {
            client = null;
            admission.clients.leave(key, clientStanding);
            clientStanding = Standing.OUT;
        }
    }
}
