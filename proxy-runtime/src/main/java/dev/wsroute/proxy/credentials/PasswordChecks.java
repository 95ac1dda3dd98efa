// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.credentials;

import dev.wsroute.proxy.access.CheckWorkers;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks passwords beside the event loops, one at a time, since each check takes tens of milliseconds and some need much memory. What
 * waits is bounded, in total and for each client, so that somebody who guesses passwords does not keep others out. Equal checks at the
 * same time are one: a machine that reconnects opens many connections with one password. Passwords that were right are remembered by a keyed digest, so that a machine that connects again costs nothing. Thread-safe.
 */
final class PasswordChecks implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PasswordChecks.class);

    private static final int PLACES = 256;
    private static final int MOST_OF_ONE_CLIENT = 4;
    private static final int REMEMBERED = 10_000;

    /** How many wait for the checks of others; further ones need a place of their own. */
    private static final int MOST_JOINED = 4096;

    private static final String MAC = "HmacSHA256";

    private final SecretKeySpec secret = new SecretKeySpec(new SecureRandom().generateSeed(32), MAC);
    private final Map<ByteBuffer, Boolean> right = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    };
    /** Who waits for each check that is under way, and is not the first. */
    private final Map<ByteBuffer, List<Consumer<Boolean>>> joined = new HashMap<>();

    private int joinedTotal;
    private final CheckWorkers worker = new CheckWorkers("passwords", 1, PLACES, MOST_OF_ONE_CLIENT);

    /**
     * Whether this password of the user was right before, by the same hash. Fast.
     *
     * @param hash the hash in force; a password that was right by another hash does not count
     */
    boolean isKnown(String user, String password, PasswordHash hash) {
        ByteBuffer digest = digest(user, password, hash);
        synchronized (right) {
            return right.containsKey(digest);
        }
    }

    /**
     * Checks a password.
     *
     * @param outcome gets whether it is right, on the worker's thread
     * @return false if too many checks wait; {@code outcome} is not called then
     */
    boolean check(InetAddress client, String user, String password, PasswordHash hash, Consumer<Boolean> outcome) {
        ByteBuffer digest = digest(user, password, hash);
        // Held until it is known whether the check is under way: nobody must join one that is not.
        synchronized (joined) {
            List<Consumer<Boolean>> others = joined.get(digest);
            if (others != null && joinedTotal < MOST_JOINED) {
                joinedTotal++;
                return others.add(outcome);
            }
            boolean accepted = worker.run(client, () -> {
                boolean matches = false;
                try {
                    matches = hash.matches(password.getBytes(StandardCharsets.UTF_8));
                } catch (RuntimeException | OutOfMemoryError e) {
                    LOG.warn("A password could not be checked", e);
                } finally {
                    settle(digest, matches, outcome);
                }
            });
            if (accepted) {
                joined.computeIfAbsent(digest, first -> new ArrayList<>(1));
            }
            return accepted;
        }
    }

    private void settle(ByteBuffer digest, boolean matches, Consumer<Boolean> outcome) {
        if (matches) {
            synchronized (right) {
                right.put(digest, true);
            }
        }
        tell(outcome, matches);
        joiners(digest).forEach(joiner -> tell(joiner, matches));
    }

    private List<Consumer<Boolean>> joiners(ByteBuffer digest) {
        synchronized (joined) {
            List<Consumer<Boolean>> others = joined.remove(digest);
            if (others == null) {
                return List.of();
            }
            joinedTotal -= others.size();
            return others;
        }
    }

    /** One that throws, as a loop that ends does, must not keep the others waiting. */
    private static void tell(Consumer<Boolean> outcome, boolean matches) {
        try {
            outcome.accept(matches);
        } catch (RuntimeException e) {
            LOG.warn("The outcome of a check could not be told", e);
        }
    }

    private ByteBuffer digest(String user, String password, PasswordHash hash) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(secret);
            for (String part : new String[] {user, password, hash.text()}) {
                byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
                mac.update(
                        ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
                mac.update(bytes);
            }
            return ByteBuffer.wrap(mac.doFinal());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + MAC, e);
        }
    }

    @Override
    public void close() {
        worker.close();
    }
}
