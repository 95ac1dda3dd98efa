// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.balance;

import dev.wsroute.config.ConsistentHash;
import dev.wsroute.proxy.routing.RequestFacts;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The part of a request that is hashed. Falls back to the client's address when the request lacks it. */
record KeyHash(ConsistentHash.Type type, String name) {

    static KeyHash of(ConsistentHash config) {
        return new KeyHash(config.type(), Objects.requireNonNullElse(config.name(), ""));
    }

    long of(RequestFacts request) {
        String key = key(request);
        return key == null ? Hashing.of(request.clientAddress()) : Hashing.of(key);
    }

    private @Nullable String key(RequestFacts request) {
        return switch (type) {
            case ClientIP -> null;
            case Header -> request.header(name);
            case Cookie -> request.cookie(name);
            case QueryParam -> request.queryParam(name);
            case Subject -> request.subjectKey();
        };
    }
}
