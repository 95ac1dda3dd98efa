// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import java.util.Optional;

/** The part of our proxy's configuration that checks who connects. */
final class OurAccess {

    private OurAccess() {}

    /** A line of a rule; empty if it has no such check. */
    static Optional<String> of(LoadScenario check, AccessWork work) {
        return switch (check) {
            case ACCESS_NONE -> Optional.of("");
            case ACCESS_ORIGIN -> Optional.of(access("allowedOrigins: ['" + AccessWork.ORIGIN + "']"));
            case ACCESS_TOKEN, ACCESS_TOKENS ->
                Optional.of(access(
                        "jwt: {providers: [{name: bench, issuer: '%s', audiences: [%s], algorithms: [ES256], keys: [{file: %s}]}]}"
                                .formatted(Tokens.ISSUER, Tokens.AUDIENCE, work.publicKey())));
            case ACCESS_EXTERNAL ->
                Optional.of(access(
                        "external: {path: /auth, service: {name: authorizer, endpoints: [{address: 127.0.0.1, port: "
                                + work.servicePort() + "}]}}"));
            case ACCESS_PASSWORD ->
                Optional.of(access("basic: {realm: bench, credentials: {file: " + work.passwords() + "}}"));
            default -> Optional.empty();
        };
    }

    private static String access(String rules) {
        return "        access: {" + rules + "}\n";
    }
}
