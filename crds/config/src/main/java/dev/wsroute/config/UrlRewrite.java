// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * Changes to the path and host of requests. At least one of the two is set.
 *
 * @param path absent: unchanged
 * @param hostname the Host header: a {@link HttpNames#AUTHORITY}; absent: the client's
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record UrlRewrite(
        @Nullable PathRewrite path,

        @Text(max = 259, form = TextForm.AUTHORITY) @Nullable String hostname) {

    /**
     * A rewrite of the prefix, the host or both.
     *
     * @param replacePrefixMatch null: unchanged
     */
    public static UrlRewrite of(@Nullable String replacePrefixMatch, @Nullable String hostname) {
        return new UrlRewrite(replacePrefixMatch == null ? null : new PathRewrite(replacePrefixMatch), hostname);
    }

    @Rule(cel = "has(self.path) || has(self.hostname)", message = "needs path or hostname")
    boolean rewritesSomething() {
        return path != null || hostname != null;
    }

    /** @param replacePrefixMatch replaces the prefix of the match */
    public record PathRewrite(
            @Text(max = 1024, form = TextForm.PATH) @JsonProperty(required = true)
            String replacePrefixMatch) {}
}
