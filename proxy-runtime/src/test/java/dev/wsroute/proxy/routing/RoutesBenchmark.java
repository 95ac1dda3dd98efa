// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.routing;

import static dev.wsroute.proxy.testkit.Documents.config;
import static dev.wsroute.proxy.testkit.Documents.prefix;
import static dev.wsroute.proxy.testkit.Documents.route;
import static dev.wsroute.proxy.testkit.Documents.rule;

import dev.wsroute.config.RouteConfig;
import dev.wsroute.proxy.microbench.Microbenchmark;
import dev.wsroute.proxy.testkit.Facts;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;

/**
 * Cost of finding one of 1,000 routes: 400 with their own host, 300 with a wildcard, 300 prefixes of one host. The request
 * is the same each time, so the hash codes of its strings are cached, unlike those of a new request.
 */
public class RoutesBenchmark extends Microbenchmark {

    private RequestRouter routes = RouteTable.EMPTY;
    private final Facts exactHost = new Facts("h200.example.com", "/chat");
    private final Facts wildcard = new Facts("room.w150.example.com", "/chat");
    private final Facts prefix = new Facts("shared.example.com", "/api/v1/s150/chat");
    private final Facts unknownHost = new Facts("chat.example.org", "/chat");
    private final Facts unknownPath = new Facts("shared.example.com", "/api/v1/other/chat");

    @Setup
    public void compile() {
        routes = RouteTable.compile(
                config(IntStream.range(0, 1000)
                        .mapToObj(RoutesBenchmark::numbered)
                        .toArray(RouteConfig[]::new)),
                (route, rule) -> (request, tried) -> null,
                backend -> null,
                (route, of) -> null);
        expect(exactHost, "h200");
        expect(wildcard, "w150");
        expect(prefix, "s150");
        expect(unknownHost, null);
        expect(unknownPath, null);
    }

    private static RouteConfig numbered(int i) {
        if (i < 400) {
            return route("h" + i, List.of("h" + i + ".example.com"), rule("main", List.of()));
        }
        int n = i < 700 ? i - 400 : i - 700;
        return i < 700
                ? route("w" + n, List.of("*.w" + n + ".example.com"), rule("main", List.of()))
                : route("s" + n, List.of("shared.example.com"), rule("main", List.of(prefix("/api/v1/s" + n))));
    }

    private void expect(Facts request, @Nullable String name) {
        ActiveRule found = routes.route(request);
        if (found == null ? name != null : !found.route().equals(name)) {
            throw new IllegalStateException(request.host() + request.path() + " does not go to " + name);
        }
    }

    @Benchmark
    public @Nullable Object exactHost() {
        return routes.route(exactHost);
    }

    @Benchmark
    public @Nullable Object wildcard() {
        return routes.route(wildcard);
    }

    @Benchmark
    public @Nullable Object pathPrefix() {
        return routes.route(prefix);
    }

    @Benchmark
    public @Nullable Object unknownHost() {
        return routes.route(unknownHost);
    }

    @Benchmark
    public @Nullable Object unknownPath() {
        return routes.route(unknownPath);
    }
}
