// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.kube;

import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The address of the API server, and the credentials for it.
 *
 * @param host name or address, IPv6 without brackets
 * @param port TCP port
 * @param basePath before every path, without a slash at its end
 * @param tls null for plain HTTP
 * @param tlsName name that the server's certificate must have
 * @param token sent with each request
 */
public record ApiServer(
        String host, int port, String basePath, @Nullable SSLContext tls, String tlsName, BearerToken token) {

    private static final int HTTPS_PORT = 443;
    private static final int HTTP_PORT = 80;

    /** Finds the API server. */
    @FunctionalInterface
    public interface Source {

        /** @throws IOException with one sentence if no API server is known (yet) */
        ApiServer find() throws IOException;
    }

    /** The bearer token of a request. */
    @FunctionalInterface
    public interface BearerToken {

        /** Requests without an Authorization header. */
        BearerToken NONE = () -> null;

        /**
         * The current token; null for none. A token file is replaced while this program runs.
         *
         * @throws IOException with one sentence
         */
        @Nullable String current() throws IOException;
    }

    /**
     * @param url {@code https://HOST[:PORT][/PATH]}, or http
     * @param tls used for https
     * @throws IOException with one sentence if it is not such a URL
     */
    static ApiServer at(String url, SSLContext tls, @Nullable String tlsName, BearerToken token) throws IOException {
        URI uri;
        try {
            uri = URI.create(url);
        } catch (IllegalArgumentException e) {
            throw new IOException("The Kubernetes API's address '" + url + "' is not a URL", e);
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (uri.getHost() == null || !(scheme.equals("https") || scheme.equals("http"))) {
            throw new IOException("The Kubernetes API's address '" + url
                    + "' is not of the form https://HOST:PORT or http://HOST:PORT");
        }
        boolean secure = scheme.equals("https");
        String host = uri.getHost().startsWith("[")
                ? uri.getHost().substring(1, uri.getHost().length() - 1)
                : uri.getHost();
        int port = uri.getPort() >= 0 ? uri.getPort() : secure ? HTTPS_PORT : HTTP_PORT;
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        return new ApiServer(
                host, port, path.replaceAll("/+$", ""), secure ? tls : null, tlsName == null ? host : tlsName, token);
    }

    /** The value of the Host header. */
    String authority() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    /** Without the token, which is secret. */
    @Override
    public String toString() {
        return (tls == null ? "http://" : "https://") + authority() + basePath;
    }
}
