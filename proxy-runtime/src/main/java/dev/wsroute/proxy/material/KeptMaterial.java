// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.material;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Keeps the last good data of Secrets and ConfigMaps for the next start. */
public interface KeptMaterial {

    /** Keeps nothing. */
    KeptMaterial NONE = new KeptMaterial() {
        @Override
        public @Nullable Map<String, byte[]> load(String source) {
            return null;
        }

        @Override
        public void keep(String source, Map<String, byte[]> data) {}

        @Override
        public void retain(Set<String> sources) {}
    };

    /** The data of a source; null if none was kept. */
    @Nullable Map<String, byte[]> load(String source);

    /** Replaces the data of a source, which is only what the proxy reads of it. Does not block. */
    void keep(String source, Map<String, byte[]> data);

    /** Deletes the data of all other sources. Does not block. */
    void retain(Set<String> sources);
}
