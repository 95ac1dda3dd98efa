// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.identity;

import dev.wsroute.testkit.Secrets;
import java.util.Map;
import java.util.UUID;

/**
 * A key of a machine.
 *
 * @param name who has it
 * @param text in the clear
 */
public record ApiKey(String name, String text) implements Credential {

    /** A new one. */
    public static ApiKey of(String name) {
        return new ApiKey(name, Secrets.noted("API key", UUID.randomUUID().toString()));
    }

    @Override
    public String line() {
        return name + ":" + text;
    }

    @Override
    public Map<String, String> headers() {
        return Map.of("X-API-Key", text);
    }
}
