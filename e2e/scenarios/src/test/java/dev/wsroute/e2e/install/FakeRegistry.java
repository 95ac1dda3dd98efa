// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.install;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A registry that takes images as the OCI Distribution Specification 1.1 says, from a client with a token for the repository. It
 * refuses what does not match its digest, and manifests whose parts are missing.
 */
final class FakeRegistry implements AutoCloseable {

    private static final Pattern PATH = Pattern.compile("/v2/(.+)/(blobs|manifests)/(.+)");
    private static final Pattern DIGEST = Pattern.compile("\"digest\":\"(sha256:[0-9a-f]{64})\"");

    private final HttpServer server;
    private final String basic;
    /** By repository and digest, or repository and tag. */
    private final Map<String, byte[]> stored = new ConcurrentHashMap<>();

    private int uploads;

    FakeRegistry(String user, String password) throws IOException {
        basic = "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                answer(exchange);
            }
        });
        server.start();
    }

    String host() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /** Number of blobs that were uploaded. */
    int uploads() {
        return uploads;
    }

    /** The manifest or index at a tag. */
    String manifest(String repository, String tag) {
        return new String(stored.get(repository + "@" + tag), StandardCharsets.UTF_8);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        byte[] body = exchange.getRequestBody().readAllBytes();
        if (path.equals("/token")) {
            boolean known = basic.equals(exchange.getRequestHeaders().getFirst("Authorization"));
            String scope = exchange.getRequestURI().getQuery().replaceAll(".*scope=repository:(.*):pull,push.*", "$1");
            send(exchange, known ? 200 : 401, "{\"token\":\"for-" + scope.replace('/', '-') + "\"}");
            return;
        }
        Matcher matcher = PATH.matcher(path);
        boolean named = matcher.matches();
        String token = named ? "Bearer for-" + matcher.group(1).replace('/', '-') : "";
        if (!token.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            exchange.getResponseHeaders()
                    .set("WWW-Authenticate", "Bearer realm=\"http://" + host() + "/token\",service=\"fake\"");
            send(exchange, 401, "{}");
        } else if (matcher.group(2).equals("blobs")) {
            blob(exchange, matcher.group(1), matcher.group(3), body);
        } else {
            manifest(exchange, matcher.group(1), matcher.group(3), body);
        }
    }

    private void blob(HttpExchange exchange, String repository, String name, byte[] body) throws IOException {
        switch (exchange.getRequestMethod()) {
            case "HEAD" -> exchange.sendResponseHeaders(stored.containsKey(repository + "@" + name) ? 200 : 404, -1);
            case "POST" -> {
                exchange.getResponseHeaders().set("Location", "/v2/" + repository + "/blobs/uploads/1?state=a");
                send(exchange, 202, "");
            }
            default -> {
                String digest = exchange.getRequestURI().getQuery().replace("state=a&digest=", "");
                if (digest.equals(digest(body))) {
                    uploads++;
                    stored.put(repository + "@" + digest, body);
                }
                send(exchange, digest.equals(digest(body)) ? 201 : 400, "");
            }
        }
    }

    private void manifest(HttpExchange exchange, String repository, String tag, byte[] body) throws IOException {
        byte[] known = stored.get(repository + "@" + tag);
        if (exchange.getRequestMethod().equals("GET")) {
            send(exchange, known == null ? 404 : 200, known == null ? "" : new String(known, StandardCharsets.UTF_8));
            return;
        }
        boolean complete = DIGEST.matcher(new String(body, StandardCharsets.UTF_8))
                .results()
                .map(MatchResult::group)
                .map(field -> field.substring(field.indexOf("sha256"), field.length() - 1))
                .allMatch(digest -> stored.containsKey(repository + "@" + digest));
        if (complete) {
            stored.put(repository + "@" + tag, body);
            stored.put(repository + "@" + digest(body), body);
        }
        send(exchange, complete ? 201 : 400, "");
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    static String digest(byte[] bytes) {
        try {
            return "sha256:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
