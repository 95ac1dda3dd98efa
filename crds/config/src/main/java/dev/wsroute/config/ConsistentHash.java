// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which part of a request is hashed; if a request does not have it, the client address is hashed.
 *
 * @param type where the value comes from
 * @param name of the header, cookie or query parameter; absent only with {@link Type#ClientIP} and {@link Type#Subject}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ConsistentHash(
        @JsonProperty(required = true) Type type,
        @Text(max = 256) @Nullable String name) {

    private static final Pattern TOKEN = Pattern.compile(HttpNames.TOKEN);

    @Rule(
            cel = "has(self.name) == !(self.type in ['ClientIP', 'Subject'])",
            message =
                    "needs a name with type Header, Cookie or QueryParam, and must not have one with ClientIP or Subject")
    boolean hasNameWhereNeeded() {
        return (name != null) == (type != Type.ClientIP && type != Type.Subject);
    }

    @Rule(
            cel = "!has(self.name) || self.type == 'QueryParam' || self.name.matches(r\"" + HttpNames.TOKEN + "\")",
            message = "must have as the name of a header or cookie letters, digits and some of !#$%&'*+-.^_`|~")
    boolean hasPossibleName() {
        return name == null || type == Type.QueryParam || TOKEN.matcher(name).matches();
    }

    /** Where the hashed value comes from. */
    public enum Type {
        /** The client address, determined by {@link ClientAddressConfig}. */
        ClientIP,
        /** First value of a header. */
        Header,
        /** Value of a cookie. */
        Cookie,
        /** First value of a query parameter, percent-decoded. */
        QueryParam,
        /** Who the client is, as the access rules found out. */
        Subject
    }
}
