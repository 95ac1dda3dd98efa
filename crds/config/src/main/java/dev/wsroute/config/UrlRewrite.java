package dev.wsroute.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What a backend is asked for instead of what the client asked for. At least one of the two is given.
 *
 * @param replacePrefixMatch takes the place of the prefix that the request's match names; absent: the path stays
 * @param hostname the Host header: a {@link HttpNames#AUTHORITY}; absent: the client's
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record UrlRewrite(
        @Nullable String replacePrefixMatch, @Nullable String hostname) {}
