// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.material;

import dev.wsroute.proxy.material.MaterialParser.Refusal;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a source holds: the last good value, and what is wrong with a newer one. A fault never replaces a good value. Data
 * is parsed on the source's thread; the rest is confined to the control thread.
 *
 * @param <T> an identity, or CA certificates
 */
public final class FollowedMaterial<T> implements MaterialSource.Sink {

    private static final Logger LOG = LoggerFactory.getLogger(FollowedMaterial.class);

    private final String label;
    private final MaterialParser<T> parser;
    private final Executor control;
    private final MaterialSource source;
    private final KeptMaterial kept;
    private final Runnable changed;
    private final CompletableFuture<Void> known = new CompletableFuture<>();
    private @Nullable T good;
    private @Nullable String fault;
    /** What the source holds, if it is sound but refused for now. */
    private @Nullable Offered<T> refused;

    private boolean closed;

    private record Offered<T>(T value, Map<String, byte[]> data) {}

    /**
     * @param label of the source, for sentences
     * @param kept stores good data; {@link KeptMaterial#NONE} for files
     * @param changed called on the control thread after each change
     */
    public FollowedMaterial(
            String label,
            MaterialParser<T> parser,
            Executor control,
            MaterialSource source,
            KeptMaterial kept,
            Runnable changed) {
        this.label = label;
        this.parser = parser;
        this.control = control;
        this.source = source;
        this.kept = kept;
        this.changed = changed;
    }

    public void start() {
        Map<String, byte[]> last = kept.load(keptAs());
        if (last != null) {
            try {
                good = parse(last);
                known.complete(null);
            } catch (MaterialException e) {
                LOG.warn("Ignoring the data of {} that an earlier process kept: {}", label, e.sentence());
            }
        }
        source.start(this);
    }

    public void close() {
        closed = true;
        known.complete(null);
        source.close();
    }

    public String label() {
        return label;
    }

    /** Under what name the last good data is kept. */
    public String keptAs() {
        return parser.use() + " of " + label;
    }

    /** Completes once the source has reported, or at once if data was kept. */
    public CompletableFuture<Void> known() {
        return known;
    }

    public @Nullable T good() {
        return good;
    }

    /** Why what the source holds is not in force; null if it is, or if nothing is known yet. */
    public @Nullable String fault() {
        return fault;
    }

    @Override
    public void offer(Map<String, byte[]> all) {
        Map<String, byte[]> data = new HashMap<>(all);
        // What nobody reads must not be stored.
        data.keySet().retainAll(parser.keys());
        T parsed;
        try {
            parsed = parse(data);
        } catch (MaterialException e) {
            unavailable(e.sentence());
            return;
        }
        onControl(() -> take(new Offered<>(parsed, data)));
    }

    @Override
    public void unavailable(String reason) {
        onControl(() -> {
            refused = null;
            fail(reason);
        });
    }

    /** Uses what was refused, if time has changed that. The source does not offer it again. */
    public void retry() {
        Offered<T> last = refused;
        if (last != null) {
            take(last);
        }
    }

    /** Java's readers of certificates and keys answer some malformed ones with unchecked exceptions. */
    private T parse(Map<String, byte[]> data) throws MaterialException {
        try {
            return parser.parse(data);
        } catch (RuntimeException e) {
            LOG.debug("{} cannot be read", label, e);
            throw new MaterialException("It cannot be read", e);
        }
    }

    private void take(Offered<T> offered) {
        Refusal refusal = parser.refusal(offered.value(), good);
        boolean again = offered.equals(refused);
        refused = refusal == null ? null : offered;
        if (refusal == null) {
            use(offered);
        } else if (refusal.brief()) {
            if (!again) {
                LOG.info("{}: {}; waiting", label, refusal.reason());
            }
            sound(false);
        } else {
            fail(refusal.reason());
        }
    }

    private void use(Offered<T> offered) {
        boolean news = !offered.value().equals(good);
        if (news) {
            LOG.info("{}: using {}", label, offered.value());
            kept.keep(keptAs(), offered.data());
        }
        good = offered.value();
        sound(news);
    }

    private void sound(boolean news) {
        if (news || fault != null) {
            fault = null;
            changed.run();
        }
        known.complete(null);
    }

    private void fail(String reason) {
        if (!reason.equals(fault)) {
            fault = reason;
            LOG.warn(
                    "{}: {}; {}",
                    label,
                    reason,
                    good == null ? "there is none to use yet" : "keeping the last good one");
            changed.run();
        }
        known.complete(null);
    }

    private void onControl(Runnable step) {
        try {
            control.execute(() -> {
                if (!closed) {
                    step.run();
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("{}: ignored after shutdown", label);
        }
    }
}
