// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.regex.Pattern;

/**
 * Where a request carries an API key.
 *
 * @param type which part of the request
 * @param name of the header, cookie or query parameter
 */
public record CredentialPlace(
        @JsonProperty(required = true) Type type,

        @Text(max = 256) @JsonProperty(required = true) String name) {

    private static final Pattern TOKEN = Pattern.compile(HttpNames.TOKEN);

    @Rule(
            cel = "self.type == 'QueryParam' || self.name.matches(r\"" + HttpNames.TOKEN + "\")",
            message = "must have as the name of a header or cookie letters, digits and some of !#$%&'*+-.^_`|~")
    boolean hasPossibleName() {
        return type == Type.QueryParam || TOKEN.matcher(name).matches();
    }

    @Rule(
            cel = "self.type != 'Header' || !self.name.matches(r'" + HttpNames.PROXY_OWNED + "')",
            message = "must not have the name of a header that the proxy itself writes, such as Host or Content-Length")
    boolean isNoHeaderOfTheProxy() {
        return type != Type.Header || !HttpNames.isProxyOwned(name);
    }

    /** Which part of a request. */
    public enum Type {
        /** The whole value of a header. */
        Header,
        /** A cookie. */
        Cookie,
        /** A parameter of the query. */
        QueryParam
    }
}
