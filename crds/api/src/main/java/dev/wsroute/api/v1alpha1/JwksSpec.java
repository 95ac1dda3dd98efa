// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A key set that the operator fetches for all proxies. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record JwksSpec(
        @JsonPropertyDescription(
                "Where the identity provider publishes its JWK Set: an https URI with a host name, such as "
                        + "https://id.example.com/keys. The operator fetches it for all proxies, and follows no redirects. Hosts that "
                        + "are not on the Internet, and other ports than 443, need the operator's flag --jwks-allowed-hosts.")
        @Required
        @Pattern(URI) @Size(min = 1, max = MAX_URI) String uri,

        @JsonPropertyDescription(
                "ConfigMaps with the CAs that may have issued the host's certificate. Absent: the public CAs in the operator's image.")
        @Size(min = 1, max = 16) @Nullable List<CaCertificateRef> caCertificateRefs,

        @JsonPropertyDescription(
                "How long the last good key set counts while it cannot be fetched. All tokens are refused after that.")
        @Default("24h")
        @Size(min = 2, max = 16) @ValidationRule(value = FieldRules.STALE_FOR_RULE, message = FieldRules.STALE_FOR_MESSAGE)
        @Nullable String staleFor) {

    private static final String LABEL = "[A-Za-z0-9](?:[-A-Za-z0-9]{0,61}[A-Za-z0-9])?";

    private static final String PORT =
            "6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[1-9][0-9]{0,3}";

    /** Its groups are host, port and the rest. The last label of a host begins with a letter, or it could be a number. */
    public static final String URI = "^https://((?:" + LABEL + "\\.)*[A-Za-z](?:[-A-Za-z0-9]{0,61}[A-Za-z0-9])?)(?::("
            + PORT + "))?((?:/[A-Za-z0-9/._~!$&'()*+,;=:@%-]*)?(?:\\?[A-Za-z0-9/._~!$&'()*+,;=:@%?-]*)?)$";

    /** So that no host has more than 253 characters. */
    public static final int MAX_URI = 261;

    /** A ConfigMap with CA certificates. */
    public record CaCertificateRef(
            @JsonPropertyDescription(
                    "Kind of the object. The operator reads no Secrets but its own, so there are no others.")
            @Default("ConfigMap")
            @Nullable Kind kind,

            @JsonPropertyDescription(
                    "Name of the object in the route's namespace. Its key ca.crt holds the certificates in PEM.")
            @Required
            String name) {

        /** Kinds of objects that hold CA certificates. */
        public enum Kind {
            ConfigMap
        }
    }
}
