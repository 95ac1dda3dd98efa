// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.HttpNames;
import dev.wsroute.proxy.clientaddress.ClientInfo;
import dev.wsroute.proxy.codec.HostSyntax;
import dev.wsroute.proxy.routing.AccessRequest;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whatever is allowed as a subdomain or as the same origin, is one as {@link URI} reads it, and nothing but scheme, host and port. The
 * lines of the input are the Origin header, the Host header and an entry of the list.
 */
public final class OriginFuzz {

    private static final AllowedOrigins SUBDOMAINS = new AllowedOrigins(List.of("https://*.example.com"));
    private static final AllowedOrigins SAME = new AllowedOrigins(List.of("same-origin"));
    private static final Pattern ENTRY = Pattern.compile(HttpNames.ORIGIN);
    private static final InetSocketAddress CLIENT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);

    private OriginFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        String[] lines = new String(data, StandardCharsets.ISO_8859_1).split("\n", 3);
        String origin = lines[0];
        String host = lines.length > 1 && HostSyntax.isHost(lines[1]) ? lines[1] : "";
        for (boolean secure : List.of(true, false)) {
            Request request = new Request(host, secure);
            if (SUBDOMAINS.allow(origin, request)) {
                URI uri = parsed(origin);
                assertThat(uri.getScheme()).isEqualTo("https");
                // Java's syntax of host names has no underscore; browsers resolve such names.
                assertThat(uri.getAuthority()).matches("[-a-z0-9_.]+\\.example\\.com");
            }
            if (SAME.allow(origin, request)) {
                URI uri = parsed(origin);
                assertThat(uri.getScheme()).isEqualTo(secure ? "https" : "http");
                assertThat(HostSyntax.isSame(uri.getRawAuthority(), host, secure ? 443 : 80))
                        .isTrue();
            }
            if (lines.length > 2 && ENTRY.matcher(lines[2]).matches()) {
                AllowedOrigins listed = new AllowedOrigins(List.of(lines[2]));
                boolean wildcard = lines[2].contains("*");
                boolean literal = !wildcard && !lines[2].equals("same-origin");
                assertThat(listed.allow(lines[2], request)).isEqualTo(literal && hasNoDefaultPort(lines[2]));
                if (!wildcard && listed.allow(origin, request) && literal) {
                    assertThat(origin).isEqualTo(lines[2].replaceFirst("^(http://.*):80$|^(https://.*):443$", "$1$2"));
                }
            }
        }
    }

    private static boolean hasNoDefaultPort(String entry) {
        return !entry.matches("http://.*:80|https://.*:443");
    }

    private static URI parsed(String origin) {
        try {
            URI uri = new URI(origin);
            assertThat(origin).isEqualTo(uri.getScheme() + "://" + uri.getRawAuthority());
            assertThat(uri.getRawUserInfo()).isNull();
            assertThat(origin).isEqualTo(origin.toLowerCase(Locale.ROOT));
            return uri;
        } catch (URISyntaxException e) {
            throw new AssertionError("allowed, but no URI: " + origin, e);
        }
    }

    /** Only what origins are compared with. */
    private record Request(String hostHeader, boolean secure) implements AccessRequest {

        @Override
        public HttpMethod method() {
            return HttpMethod.GET;
        }

        @Override
        public String target() {
            return "/";
        }

        @Override
        public String targetWithout(Collection<String> parameters) {
            return "/";
        }

        @Override
        public HttpHeaders headers() {
            return new DefaultHttpHeaders();
        }

        @Override
        public List<String> cookies(String name) {
            return List.of();
        }

        @Override
        public ClientInfo clientInfo() {
            return ClientInfo.of(CLIENT, secure);
        }

        @Override
        public String requestId() {
            return "";
        }

        @Override
        public boolean upgradesToWebSocket() {
            return true;
        }

        @Override
        public String host() {
            return HostSyntax.name(hostHeader);
        }

        @Override
        public String path() {
            return "/";
        }

        @Override
        public List<String> headerValues(String name) {
            return List.of();
        }

        @Override
        public @Nullable String queryParam(String name) {
            return null;
        }

        @Override
        public @Nullable String cookie(String name) {
            return null;
        }

        @Override
        public InetAddress clientAddress() {
            return CLIENT.getAddress();
        }
    }
}
