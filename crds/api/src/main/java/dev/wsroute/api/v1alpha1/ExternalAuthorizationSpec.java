// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.wsroute.api.v1alpha1.BackendRef.ServiceRef;
import dev.wsroute.config.ExternalAuthorization;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.IntOrString;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A service that decides about each request. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ExternalAuthorizationSpec(
        @JsonPropertyDescription(
                "The Service that is asked, in the route's namespace. If it does not exist, requests get 503, or all pass with failOpen.")
        @Required
        AuthorizationServiceRef service,

        @JsonPropertyDescription(
                "Path of the subrequests: a GET without body. The answer decides: 2xx lets pass; 401 and 403 go to the client with "
                        + "WWW-Authenticate, Location and Set-Cookie, as does a redirect, with status 401; everything else is 503.")
        @Nullable String path,

        @JsonPropertyDescription("How long a check may take as a whole; 503 after that.") @Nullable String timeout,

        @JsonPropertyDescription(
                "Whether requests pass if the service cannot be reached, breaks the connection, takes too long or answers with 5xx. "
                        + "Such requests are counted and named in the access log.")
        @Nullable Boolean failOpen,

        @JsonPropertyDescription(
                "Names of the client's headers that the service gets. Absent: all end-to-end headers, without those of the WebSocket "
                        + "handshake. X-Original-* and X-Forwarded-* describe the request in any case, and are the proxy's own.")
        @Size(max = 16) @Nullable List<String> headersToService,

        @JsonPropertyDescription(
                "Names of headers of an answer that lets pass, which the backend gets. The client's headers of these names never "
                        + "reach the backend.")
        @Size(max = 16) @Nullable List<String> headersToBackend,

        @JsonPropertyDescription(
                "How long an answer that lets pass counts for equal requests, or for its own max-age if that is shorter. 0s: not.")
        @Nullable String cacheFor,

        @JsonPropertyDescription(
                "Header of an answer that lets pass which says who the client is, for the access log, consistentHash and limits.")
        @Nullable String subjectHeader,

        @JsonPropertyDescription(
                "How often the service is asked again while a WebSocket is open, with the headers of its handshake. If it answers 401, 403 "
                        + "or a redirect, the WebSocket is closed with 1008; any other answer changes nothing. Absent: never.")
        @Nullable String recheckEvery,

        @JsonPropertyDescription(
                "CacheControl: a WebSocket is closed with 1008 after the max-age in Cache-Control of the answer to its handshake. "
                        + "Ignore: the answer does not limit how long it stays open.")
        ExternalAuthorization.@Nullable Lifetime lifetime) {

    /** A Service, one of its ports, and TLS to it. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record AuthorizationServiceRef(
            @JsonPropertyDescription("Name of the Service.")
            @Required
            @Pattern(FieldRules.NAME) @Size(min = 1, max = 63) @ValidationRule(value = FieldRules.NAME_RULE, message = FieldRules.NAME_MESSAGE)
            String name,

            @JsonPropertyDescription("Number or name of a port of the Service.") @Required
            IntOrString port,

            @JsonPropertyDescription(
                    "TLS from the proxy to the service, whose certificate is always verified. Absent: TLS only if the appProtocol of "
                            + "the Service's port is https, with the defaults of this object.")
            @Nullable BackendTlsSpec tls) {

        /** The Service and its port. */
        public ServiceRef ref() {
            return new ServiceRef(name, port);
        }
    }
}
