// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.testkit;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;

/** The backend of most tests: a Service called {@code chat} in the namespace {@code apps}, with a port {@code ws}. */
public final class ChatService {

    private ChatService() {}

    public static Service create() {
        return new ServiceBuilder()
                .withNewMetadata()
                .withNamespace("apps")
                .withName("chat")
                .endMetadata()
                .withNewSpec()
                .addNewPort()
                .withName("ws")
                .withPort(80)
                .endPort()
                .endSpec()
                .build();
    }
}
