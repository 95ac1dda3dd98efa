// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.e2e.cluster.api.access.Access;
import dev.wsroute.e2e.cluster.api.store.ApiError;
import dev.wsroute.e2e.cluster.api.store.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One request.
 *
 * @param path the decoded segments
 * @param query the first value of each parameter
 * @param token from its Authorization header; "" for an administrator's
 * @param content the body, one character per byte
 */
record ApiRequest(
        String method,
        List<String> path,
        Map<String, String> query,
        String accept,
        String contentType,
        String userAgent,
        String token,
        String content) {

    String parameter(String name) {
        return query.getOrDefault(name, "");
    }

    boolean flag(String name) {
        String value = parameter(name);
        return value.equals("true") || value.equals("1");
    }

    int number(String name) {
        String value = parameter(name);
        try {
            return value.isEmpty() ? 0 : Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw ApiError.badRequest("the parameter " + name + " is not a number: " + value);
        }
    }

    /**
     * Reads the body.
     *
     * @throws ApiError (400) if the body is invalid, (415) if its media type is not supported
     */
    JsonNode json() {
        try {
            byte[] bytes = content.getBytes(StandardCharsets.ISO_8859_1);
            if (contentType.startsWith("application/vnd.kubernetes.protobuf")) {
                return ProtobufBody.decode(bytes);
            }
            return Json.read(bytes);
        } catch (IOException e) {
            throw ApiError.badRequest("the body of the request could not be read: " + e.getMessage());
        }
    }

    ObjectNode object() {
        if (json() instanceof ObjectNode object) {
            return object;
        }
        throw ApiError.badRequest("the body of the request is not an object");
    }

    /** The field manager of the request; by default the program that sent it. */
    String fieldManager() {
        String manager = parameter("fieldManager");
        if (!manager.isEmpty()) {
            return manager;
        }
        return program();
    }

    /**
     * The ServiceAccount that sent it; empty for an administrator.
     *
     * @throws ApiError (401) if the token is not one of a ServiceAccount
     */
    Optional<String> user() {
        if (!token.isEmpty() && !(token.startsWith(Access.SERVICE_ACCOUNT) && token.endsWith(Access.TOKEN_END))) {
            throw ApiError.of(401, "Unauthorized", "Unauthorized");
        }
        return token.isEmpty() ? Optional.empty() : Optional.of(token.replace(Access.TOKEN_END, ""));
    }

    /** The program that sent it, according to its User-Agent. */
    String program() {
        int slash = userAgent.indexOf('/');
        String program = slash < 0 ? userAgent : userAgent.substring(0, slash);
        return program.isEmpty() ? "unknown" : program;
    }
}
