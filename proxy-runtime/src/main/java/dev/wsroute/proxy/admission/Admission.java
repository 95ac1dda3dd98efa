package dev.wsroute.proxy.admission;

import dev.wsroute.proxy.admission.Places.Standing;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts clients, their connections and their handshakes against the limits in force. Limits that are lowered close
 * nothing: they hold for who comes next. For any thread.
 */
public final class Admission {

    final Places connections = new Places();
    final Places handshakes = new Places();
    final ClientTable clients = new ClientTable();
    final Pace pace = new Pace(System.nanoTime());
    private final Supplier<Caps> caps;

    /** @param caps those in force */
    public Admission(Supplier<Caps> caps) {
        this.caps = caps;
    }

    /**
     * A connection was accepted.
     *
     * @return null when so many wait already to be told that the proxy is full that this one is to be closed at once
     */
    public @Nullable Visit come() {
        Standing standing = connections.come(caps().connections());
        return standing == Standing.OUT ? null : new Visit(this, standing);
    }

    /** How many clients there are whose connections are counted. */
    public int countedClients() {
        return clients.size();
    }

    Caps caps() {
        return caps.get();
    }
}
