// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who may connect. A request is served only if all parts that are set agree.
 *
 * @param mode what happens to requests that {@code allowedOrigins} or {@code requireOrigin} refuse
 * @param allowedOrigins origins of pages that may connect; empty: all
 * @param requireOrigin whether requests without an Origin header are refused
 * @param clientAddresses addresses of clients that may connect; absent: all
 * @param jwt which tokens let a request pass; absent: none is needed
 * @param apiKeys which API keys let a request pass; absent: none is needed
 * @param basic which users with passwords let a request pass; absent: none is needed
 * @param external a service that decides about each request; absent: none
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record AccessConfig(
        Mode mode,
        @Text(max = 262, form = TextForm.ORIGIN) List<String> allowedOrigins,
        Boolean requireOrigin,
        @Nullable ClientAddresses clientAddresses,
        @Nullable JwtRules jwt,
        @Nullable ApiKeyRules apiKeys,
        @Nullable BasicRules basic,
        @Nullable ExternalAuthorization external) {

    /** Everybody may connect. */
    private static final AccessConfig OPEN =
            new AccessConfig(Mode.Enforce, List.of(), false, null, null, null, null, null);

    /** In {@code allowedOrigins}: the page has the scheme, host and port of the request. */
    public static final String SAME_ORIGIN = "same-origin";

    public AccessConfig {
        mode = Defaults.or(mode, Mode.Enforce);
        allowedOrigins = Defaults.list(allowedOrigins);
        requireOrigin = Defaults.or(requireOrigin, false);
    }

    /** Without credentials and an authorization service. */
    public AccessConfig(
            Mode mode, List<String> allowedOrigins, Boolean requireOrigin, @Nullable ClientAddresses clientAddresses) {
        this(mode, allowedOrigins, requireOrigin, clientAddresses, null, null, null, null);
    }

    /** With these allowed origins, and everything else by default. */
    public static AccessConfig ofOrigins(List<String> allowedOrigins) {
        return new AccessConfig(Mode.Enforce, allowedOrigins, false, null);
    }

    /** With this service, and everything else by default. */
    public static AccessConfig ofService(ExternalAuthorization external) {
        return OPEN.withExternal(external);
    }

    /** The same with another authorization service. */
    public AccessConfig withExternal(ExternalAuthorization other) {
        return new AccessConfig(mode, allowedOrigins, requireOrigin, clientAddresses, jwt, apiKeys, basic, other);
    }

    /** With these rules for tokens, and everything else by default. */
    public static AccessConfig ofTokens(JwtRules jwt) {
        return OPEN.withJwt(jwt);
    }

    /** The same with other rules for tokens. */
    public AccessConfig withJwt(@Nullable JwtRules other) {
        return new AccessConfig(mode, allowedOrigins, requireOrigin, clientAddresses, other, apiKeys, basic, external);
    }

    /** With these rules for API keys, and everything else by default. */
    public static AccessConfig ofApiKeys(ApiKeyRules apiKeys) {
        return OPEN.withCredentials(apiKeys, null);
    }

    /** With these rules for passwords, and everything else by default. */
    public static AccessConfig ofBasic(BasicRules basic) {
        return OPEN.withCredentials(null, basic);
    }

    /** The same with other rules for API keys and passwords. */
    public AccessConfig withCredentials(@Nullable ApiKeyRules keys, @Nullable BasicRules passwords) {
        return new AccessConfig(mode, allowedOrigins, requireOrigin, clientAddresses, jwt, keys, passwords, external);
    }

    /** Whether an Origin header can be refused, or its absence. */
    public boolean checksOrigins() {
        return !allowedOrigins.isEmpty() || requireOrigin;
    }

    /** What happens to requests whose origin is not allowed. */
    public enum Mode {
        /** They are refused. */
        Enforce,
        /** They are served, counted and logged. */
        Report
    }

    /**
     * Addresses of clients.
     *
     * @param allow IP addresses and ranges that may connect; empty: all
     * @param deny those that may not, even if {@code allow} covers them
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record ClientAddresses(
            @Text(max = 64, form = TextForm.ADDRESS_OR_RANGE)
            List<String> allow,

            @Text(max = 64, form = TextForm.ADDRESS_OR_RANGE)
            List<String> deny) {

        public ClientAddresses {
            allow = Defaults.list(allow);
            deny = Defaults.list(deny);
        }
    }
}
