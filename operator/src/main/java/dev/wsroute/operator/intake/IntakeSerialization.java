// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.intake;

import dev.wsroute.operator.cache.ObjectMappers;
import io.fabric8.kubernetes.api.model.WatchEvent;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

/** Trims watch events before they are parsed; everything else is parsed as usual. */
public final class IntakeSerialization extends KubernetesSerialization {

    private final Intake intake = new Intake();

    public IntakeSerialization() {
        super(ObjectMappers.withoutNames(), true);
    }

    @Override
    public <T> T unmarshal(String text, Class<T> type) {
        return super.unmarshal(type == WatchEvent.class ? intake.event(text) : text, type);
    }
}
