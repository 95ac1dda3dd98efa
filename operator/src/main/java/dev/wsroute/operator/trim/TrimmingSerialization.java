// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.trim;

import dev.wsroute.operator.cache.ObjectMappers;
import io.fabric8.kubernetes.api.model.WatchEvent;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

/** Trims watch events before they are parsed; everything else is parsed as usual. */
public final class TrimmingSerialization extends KubernetesSerialization {

    private final ObjectTrimmer trimmer = new ObjectTrimmer();

    public TrimmingSerialization() {
        super(ObjectMappers.withoutNames(), true);
    }

    @Override
    public <T> T unmarshal(String text, Class<T> type) {
        return super.unmarshal(type == WatchEvent.class ? trimmer.event(text) : text, type);
    }
}
