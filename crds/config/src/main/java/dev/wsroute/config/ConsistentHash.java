// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What of a request is hashed; a request without it goes by its client's address.
 *
 * @param type where it is found
 * @param name of the header, cookie or query parameter; absent with {@link Type#ClientIP} only
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ConsistentHash(
        @JsonProperty(required = true) Type type,
        @Text(max = 256) @Nullable String name) {

    private static final Pattern TOKEN = Pattern.compile(HttpNames.TOKEN);

    @Rule(
            cel = "has(self.name) == (self.type != 'ClientIP')",
            message = "needs a name with type Header, Cookie or QueryParam, and must not have one with ClientIP")
    boolean hasNameWhereNeeded() {
        return (name != null) == (type != Type.ClientIP);
    }

    @Rule(
            cel = "!has(self.name) || self.type == 'QueryParam' || self.name.matches(r\"" + HttpNames.TOKEN + "\")",
            message = "must have as the name of a header or cookie letters, digits and some of !#$%&'*+-.^_`|~")
    boolean hasPossibleName() {
        return name == null || type == Type.QueryParam || TOKEN.matcher(name).matches();
    }

    /** Where the hashed value is found. */
    public enum Type {
        /** The client's address, as {@link ClientAddressConfig} tells it. */
        ClientIP,
        /** A header's first value. */
        Header,
        /** A cookie's value. */
        Cookie,
        /** A query parameter's first value, percent-decoded. */
        QueryParam
    }
}
