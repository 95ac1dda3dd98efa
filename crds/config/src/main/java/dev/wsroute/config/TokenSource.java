// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a request carries its token.
 *
 * @param type which part of the request
 * @param name of the header, cookie or query parameter; absent: {@code Authorization} or {@code access_token}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TokenSource(
        @JsonProperty(required = true) Type type,
        @Text(max = 256) @Nullable String name) {

    /** Of {@link Type#Header} by default (RFC 6750 §2.1). */
    public static final String AUTHORIZATION = "Authorization";

    /** Of {@link Type#QueryParam} by default (RFC 6750 §2.3). */
    public static final String ACCESS_TOKEN = "access_token";

    private static final Pattern TOKEN = Pattern.compile(HttpNames.TOKEN);

    @Rule(
            cel = "has(self.name) ? self.type != 'Subprotocol' : self.type != 'Cookie'",
            message = "needs a name with type Cookie, and must not have one with Subprotocol")
    boolean hasNameWhereNeeded() {
        return name == null ? type != Type.Cookie : type != Type.Subprotocol;
    }

    @Rule(
            cel = "!has(self.name) || self.type == 'QueryParam' || self.name.matches(r\"" + HttpNames.TOKEN + "\")",
            message = "must have as the name of a header or cookie letters, digits and some of !#$%&'*+-.^_`|~")
    boolean hasPossibleName() {
        return name == null || type == Type.QueryParam || TOKEN.matcher(name).matches();
    }

    @Rule(
            cel = "self.type != 'Header' || !has(self.name) || !self.name.matches(r'" + HttpNames.PROXY_OWNED + "')",
            message = "must not have the name of a header that the proxy itself writes, such as Host or Content-Length")
    boolean isNoHeaderOfTheProxy() {
        return type != Type.Header || name == null || !HttpNames.isProxyOwned(name);
    }

    /** The name, or what it is if absent; empty for a subprotocol. */
    public String nameOrDefault() {
        if (name != null) {
            return name;
        }
        return switch (type) {
            case Header -> AUTHORIZATION;
            case QueryParam -> ACCESS_TOKEN;
            case Cookie, Subprotocol -> "";
        };
    }

    /** Which part of a request. */
    public enum Type {
        /** A header: after {@code Bearer} in Authorization, else the whole value, with or without {@code Bearer}. */
        Header,
        /** A cookie. */
        Cookie,
        /** A parameter of the query. */
        QueryParam,
        /** Sec-WebSocket-Protocol: {@code bearer, TOKEN} or {@code base64url.bearer.authorization.k8s.io.TOKEN}. */
        Subprotocol
    }
}
