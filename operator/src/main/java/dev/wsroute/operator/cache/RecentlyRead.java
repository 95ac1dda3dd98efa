// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.cache;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * The last objects that were read from the API, so that a route whose endpoints change a hundred times a second does not read
 * the same object as often.
 *
 * @param <R> the kind
 */
final class RecentlyRead<R extends HasMetadata> {

    private static final int MOST = 256;

    private final UnaryOperator<R> api;
    private final Map<String, R> objects = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, R> eldest) {
            return size() > MOST;
        }
    };

    /** @param api reads the whole object of a {@link PartialObject}, or returns that if there is none any more */
    RecentlyRead(UnaryOperator<R> api) {
        this.api = api;
    }

    /** The whole object of {@code partial}, which is as old as that or newer. */
    R read(R partial) {
        synchronized (objects) {
            R known = objects.get(partial.getMetadata().getUid());
            if (known != null && version(known).equals(version(partial))) {
                return known;
            }
        }
        R read = api.apply(partial);
        synchronized (objects) {
            objects.remove(partial.getMetadata().getUid());
            if (!PartialObject.isPartial(read)) {
                objects.put(read.getMetadata().getUid(), read);
            }
        }
        return read;
    }

    private static String version(HasMetadata object) {
        return Objects.requireNonNullElse(object.getMetadata().getResourceVersion(), "");
    }
}
