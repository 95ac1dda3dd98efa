// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.credentials;

import dev.wsroute.proxy.clientaddress.ClientKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks passwords beside the event loops, one at a time, since each check takes tens of milliseconds and some need much memory. What
 * waits is bounded, in total and for each client, so that somebody who guesses passwords does not keep others out. Passwords that were
 * right are remembered by a keyed digest, so that a machine that connects again costs nothing. Thread-safe.
 */
final class PasswordChecks implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PasswordChecks.class);

    private static final int WAITING = 256;
    private static final int WAITING_PER_CLIENT = 4;
    private static final int REMEMBERED = 10_000;
    private static final String MAC = "HmacSHA256";

    private final SecretKeySpec secret = new SecretKeySpec(new SecureRandom().generateSeed(32), MAC);
    private final Map<ClientKey, Integer> waiting = new ConcurrentHashMap<>();
    private final Map<ByteBuffer, Boolean> right = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    };
    private final ThreadPoolExecutor worker =
            new ThreadPoolExecutor(1, 1, 30, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING), task -> {
                Thread thread = new Thread(task, "passwords");
                thread.setDaemon(true);
                return thread;
            });

    PasswordChecks() {
        worker.allowCoreThreadTimeOut(true);
    }

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
    boolean check(ClientKey client, String user, String password, PasswordHash hash, Consumer<Boolean> outcome) {
        int before = waiting.merge(client, 1, Integer::sum);
        boolean accepted = before <= WAITING_PER_CLIENT;
        try {
            if (accepted) {
                worker.execute(() -> {
                    boolean right = false;
                    try {
                        right = matches(user, password, hash);
                    } catch (RuntimeException | OutOfMemoryError e) {
                        LOG.warn("A password could not be checked", e);
                    } finally {
                        left(client);
                        outcome.accept(right);
                    }
                });
            }
        } catch (RejectedExecutionException e) {
            accepted = false;
        }
        if (!accepted) {
            left(client);
        }
        return accepted;
    }

    private void left(ClientKey client) {
        waiting.computeIfPresent(client, (key, number) -> number == 1 ? null : number - 1);
    }

    private boolean matches(String user, String password, PasswordHash hash) {
        boolean matches = hash.matches(password.getBytes(StandardCharsets.UTF_8));
        if (matches) {
            ByteBuffer digest = digest(user, password, hash);
            synchronized (right) {
                right.put(digest, true);
            }
        }
        return matches;
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
        worker.shutdownNow();
    }
}
