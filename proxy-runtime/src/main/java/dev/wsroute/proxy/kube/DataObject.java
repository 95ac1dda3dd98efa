// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.kube;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;

/**
 * The relevant part of a ConfigMap or a Secret.
 *
 * @param name its {@code metadata.name}
 * @param data text in a ConfigMap, base64 in a Secret
 */
public record DataObject(String name, Map<String, String> data) implements ApiObject {

    public DataObject {
        data = Map.copyOf(data);
    }

    static DataObject read(String name, JsonNode object) {
        Map<String, String> data = new HashMap<>();
        for (Map.Entry<String, JsonNode> entry : object.path("data").properties()) {
            if (entry.getValue().isTextual()) {
                data.put(entry.getKey(), entry.getValue().textValue());
            }
        }
        return new DataObject(name, data);
    }

    /** Without the data, which may be secret. */
    @Override
    public String toString() {
        return name + data.keySet();
    }
}
