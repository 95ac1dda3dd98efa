// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wsroute.e2e.dev.Repository;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import org.luaj.vm2.Globals;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.lib.jse.JsePlatform;

/**
 * What Argo CD says about a route or a policy: it runs the script of {@code deploy/gitops/argocd-health.yaml} with the object in the variable
 * {@code obj}.
 *
 * @param status {@code Healthy}, {@code Progressing}, {@code Suspended} or {@code Degraded}
 */
record ArgoHealth(String status, String message) {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    static ArgoHealth of(HasMetadata object) {
        Globals lua = JsePlatform.standardGlobals();
        lua.set("obj", value(MAPPER.valueToTree(object)));
        LuaValue health = lua.load(script(object.getKind()), "health.lua").call();
        return new ArgoHealth(
                health.get("status").checkjstring(), health.get("message").checkjstring());
    }

    private static String script(String kind) {
        try {
            return Serialization.unmarshal(
                            Files.readString(Repository.locate().get("deploy/gitops/argocd-health.yaml")),
                            ConfigMap.class)
                    .getData()
                    .get("resource.customizations.health.wsroute.dev_" + kind);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static LuaValue value(JsonNode json) {
        if (json.isObject()) {
            LuaTable table = new LuaTable();
            json.properties().forEach(field -> table.set(field.getKey(), value(field.getValue())));
            return table;
        }
        if (json.isArray()) {
            LuaTable table = new LuaTable();
            json.forEach(item -> table.set(table.length() + 1, value(item)));
            return table;
        }
        if (json.isNumber()) {
            return LuaValue.valueOf(json.asDouble());
        }
        if (json.isBoolean()) {
            return LuaValue.valueOf(json.asBoolean());
        }
        return json.isNull() ? LuaValue.NIL : LuaValue.valueOf(json.asText());
    }
}
