// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.routing;

import static dev.wsroute.proxy.testkit.Documents.config;
import static dev.wsroute.proxy.testkit.Documents.route;
import static dev.wsroute.proxy.testkit.Documents.rule;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.MatchConfig;
import dev.wsroute.config.NameValue;
import dev.wsroute.config.PathMatch;
import dev.wsroute.config.PathMatch.Type;
import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.RouteConfig;
import dev.wsroute.config.RuleConfig;
import dev.wsroute.proxy.testkit.Facts;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which of several matches gets a request, and which get none. */
class PrecedenceTest {

    private static final EndpointSelector NOWHERE = (request, tried) -> null;

    @ParameterizedTest(name = "{0} goes to {1}")
    @CsvSource({
        "/a, exact",
        "/a/b, regex",
        "/a/bcd, longer-regex",
        "/a/1, longer-prefix",
        "/a/1/b, longer-prefix",
        "/x, prefix",
        "/a/, longer-prefix",
    })
    void exactPathsGoBeforeExpressionsAndThoseBeforePrefixes(String path, String expected) {
        List<RuleConfig> rules = new ArrayList<>(List.of(
                rule("prefix", List.of(path(Type.PathPrefix, "/"))),
                rule("longer-prefix", List.of(path(Type.PathPrefix, "/a"))),
                rule("regex", List.of(path(Type.RegularExpression, "/a/?[a-z]*"))),
                rule("longer-regex", List.of(path(Type.RegularExpression, "/a/[a-z]{3}"))),
                rule("exact", List.of(path(Type.Exact, "/a")))));
        if (path.equals("/a/")) {
            rules.remove(2);
        }

        assertThat(find(rules, new Facts("h", path))).isEqualTo(expected);
        Collections.reverse(rules);
        assertThat(find(rules, new Facts("h", path))).isEqualTo(expected);
    }

    @ParameterizedTest(name = "of {0} and {1} the first wins, in whichever order they are")
    @CsvSource(
            delimiter = '|',
            value = {
                "h=1 i=2     | h=1",
                "h=1         | ?a=1 ?b=2 x y",
                "h=1 i=2     | h=1 ?a=1 ?b=2",
                "?a=1        | x y",
                "?a=1 ?b=2   | ?a=1 x y",
                "h=1 ?a=1    | h=1 x y",
                "x y         | x",
                "h=1 ?a=1 x  | h=1 ?a=1",
                "x           | -",
            })
    void atOnePathTheMatchThatAsksForMostWins(String stronger, String weaker) {
        Facts request = facts(Map.of("h", "1", "i", "2", "sec-websocket-protocol", "x, y"))
                .withQuery(Map.of("a", "1", "b", "2"));

        for (Type type : Type.values()) {
            RuleConfig strong = rule("strong", List.of(match(type, stronger)));
            RuleConfig weak = rule("weak", List.of(match(type, weaker)));
            assertThat(find(List.of(strong, weak), request)).isEqualTo("strong");
            assertThat(find(List.of(weak, strong), request)).isEqualTo("strong");
        }
    }

    @Test
    void equalsStayInTheOrderOfTheDocumentOverRulesAndRoutes() {
        ProxyConfig config = config(
                route(
                        "r",
                        List.of("h"),
                        rule("one", List.of(match(Type.PathPrefix, "h=1"))),
                        rule("two", List.of(match(Type.PathPrefix, "i=2")))),
                route("s", List.of("h"), rule("three", List.of(match(Type.PathPrefix, "h=1")))));

        assertThat(find(config, facts(Map.of("h", "1", "i", "2")))).isEqualTo("r/one");
        assertThat(find(config, facts(Map.of("i", "2")))).isEqualTo("r/two");
    }

    @Test
    void aLongerPathTakesPrecedenceOverMoreHeaders() {
        List<RuleConfig> rules = List.of(
                rule("headers", List.of(match(Type.PathPrefix, "/a", "h=1 i=2"))),
                rule("path", List.of(match(Type.PathPrefix, "/a/b", "-"))));

        assertThat(find(rules, facts("/a/b", Map.of("h", "1", "i", "2")))).isEqualTo("path");
    }

    @ParameterizedTest(name = "h={0} goes to {1}")
    @CsvSource({
        "1, exact/exact",
        "2, exact/regex",
        "3, exact/long-prefix",
        "4, exact/short-prefix",
        "5, long-wildcard/rule",
        "6, short-wildcard/rule",
        "7, any/rule",
        "8, ",
    })
    void whatDoesNotFitLeavesTheRequestToTheNextLessSpecific(String value, @Nullable String expected) {
        ProxyConfig config = config(
                route("any", List.of(), rule("rule", List.of(match(Type.PathPrefix, "/", "h=7")))),
                route("short-wildcard", List.of("*.b"), rule("rule", List.of(match(Type.PathPrefix, "/", "h=6")))),
                route("long-wildcard", List.of("*.a.b"), rule("rule", List.of(match(Type.PathPrefix, "/", "h=5")))),
                route(
                        "exact",
                        List.of("x.a.b"),
                        rule("short-prefix", List.of(match(Type.PathPrefix, "/", "h=4"))),
                        rule("long-prefix", List.of(match(Type.PathPrefix, "/p", "h=3"))),
                        rule("regex", List.of(match(Type.RegularExpression, "/p/.*", "h=2"))),
                        rule("exact", List.of(match(Type.Exact, "/p/q", "h=1")))));
        Facts request = new Facts("x.a.b", "/p/q").withHeaders(Map.of("h", value));

        assertThat(find(config, request)).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0}: {1} is {2}")
    @CsvSource({
        "X-Tenant, a, true",
        "x-tenant, a, true",
        "x-tenant, A, false",
        "x-tenant, ab, false",
        "x-tenant, 'b', false",
        "x-other, a, false",
    })
    void headersAreEqualButForTheCaseOfTheirNames(String name, String value, boolean fits) {
        RuleConfig rule = rule("rule", List.of(match(Type.PathPrefix, "/", name + "=" + value)));

        assertThat(find(List.of(rule), facts(Map.of("x-tenant", "a")))).isEqualTo(fits ? "rule" : null);
    }

    @Test
    void severalLinesOfAHeaderAreOneList() {
        Facts request = lines("h", "a", "b");

        assertThat(find(List.of(rule("list", List.of(match(Type.PathPrefix, "h=a,b")))), request))
                .isEqualTo("list");
        assertThat(find(List.of(rule("first", List.of(match(Type.PathPrefix, "h=a")))), request))
                .isNull();
    }

    @ParameterizedTest(name = "{0} is offered in {1} and {2}: {3}")
    @CsvSource({
        "chat, chat, , true",
        "chat, 'soap, chat', , true",
        "chat, 'soap,chat', , true",
        "chat, soap, ' v2 , chat ', true",
        "chat, Chat, , false",
        "chat, 'chatty, soap', , false",
        "chat, , , false",
    })
    void oneOfTheSubprotocolsIsOffered(String asked, @Nullable String first, @Nullable String second, boolean fits) {
        RuleConfig rule = rule("rule", List.of(match(Type.PathPrefix, "/", asked + " other")));
        Facts request = lines(
                "sec-websocket-protocol",
                Arrays.asList(first, second).stream()
                        .filter(line -> line != null)
                        .toArray(String[]::new));

        assertThat(find(List.of(rule), request)).isEqualTo(fits ? "rule" : null);
    }

    @ParameterizedTest(name = "{0} and {1}: {2}")
    @CsvSource({
        "/rooms/[a-z]+, /rooms/abc, true",
        "/rooms/[a-z]+, /rooms/abc/, false",
        "/rooms/[a-z]+, /x/rooms/abc, false",
        "/rooms/[a-z]+, /rooms/%61, false",
        "/rooms/[a-z]+, /Rooms/abc, false",
        "(?i)/rooms/[a-z]+, /Rooms/abc, true",
        "/a|/b, /b, true",
        "/a|/b, /bc, false",
        "/.*\\.js, /a/b.js, true",
        "/(a*)*, /aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab, false",
    })
    void anExpressionFitsTheWholePathAsReceived(String regex, String path, boolean fits) {
        RuleConfig rule = rule("rule", List.of(path(Type.RegularExpression, regex)));

        assertThat(find(List.of(rule), new Facts("h", path))).isEqualTo(fits ? "rule" : null);
    }

    @Test
    void anExpressionThatNoStackHoldsFitsNothingAndTheNextRuleServes() {
        List<RuleConfig> rules = List.of(
                rule("deep", List.of(path(Type.RegularExpression, "((((((((((a?)?)?)?)?)?)?)?)?)?){1000}"))),
                rule("all", List.of(path(Type.PathPrefix, "/"))));

        assertThat(find(rules, new Facts("h", "/a"))).isEqualTo("all");
    }

    @Test
    void anExpressionIsNotTriedOnAPathThatIsTooLong() {
        List<RuleConfig> rules = List.of(
                rule("regex", List.of(path(Type.RegularExpression, "/a*"))),
                rule("prefix", List.of(path(Type.PathPrefix, "/"))));

        assertThat(find(rules, new Facts("h", "/" + "a".repeat(PathTable.MAX_EXPRESSION_PATH - 1))))
                .isEqualTo("regex");
        assertThat(find(rules, new Facts("h", "/" + "a".repeat(PathTable.MAX_EXPRESSION_PATH))))
                .isEqualTo("prefix");
    }

    @Test
    void theAsteriskOfOptionsIsBelowNoPrefix() {
        List<RuleConfig> rules = List.of(rule("root", List.of()));

        assertThat(find(rules, new Facts("h", "*"))).isNull();
    }

    @Test
    void oneOfAThousandRoutesIsFoundByHostAndOneOfAThousandPrefixesByPath() {
        ProxyConfig config = config(IntStream.range(0, 1000)
                .mapToObj(i -> route(
                        "r" + i,
                        List.of("h" + i + ".example.com", "shared.example.com"),
                        rule("rule", List.of(match(Type.PathPrefix, "/" + i, "-")))))
                .toArray(RouteConfig[]::new));
        RouteTable table = RouteTable.compile(config, (route, of) -> NOWHERE, backend -> null, (route, of) -> null);

        for (int i = 0; i < 1000; i++) {
            assertThat(find(table, new Facts("h" + i + ".example.com", "/" + i + "/ws")))
                    .isEqualTo("r" + i + "/rule");
            assertThat(find(table, new Facts("shared.example.com", "/" + i))).isEqualTo("r" + i + "/rule");
        }
        assertThat(find(table, new Facts("shared.example.com", "/1000"))).isNull();
        assertThat(find(table, new Facts("h1.example.com", "/2"))).isNull();
    }

    @Test
    void aPathOfVeryManySegmentsIsFoundBelowItsPrefix() {
        List<RuleConfig> rules = List.of(
                rule("root", List.of(path(Type.PathPrefix, "/"))),
                rule("slashes", List.of(path(Type.PathPrefix, "///"))),
                rule("deep", List.of(path(Type.PathPrefix, "/a/a/a"))));

        assertThat(find(rules, new Facts("h", "/".repeat(30_000)))).isEqualTo("slashes");
        assertThat(find(rules, new Facts("h", "/a".repeat(15_000)))).isEqualTo("deep");
        assertThat(find(rules, new Facts("h", "/b".repeat(15_000)))).isEqualTo("root");
    }

    private static MatchConfig path(Type type, String value) {
        return MatchConfig.ofPath(type, value);
    }

    private static MatchConfig match(Type type, String asks) {
        return match(type, "/p", asks);
    }

    /** @param asks blank-separated: {@code name=value} of headers, {@code ?name=value}, subprotocols; "-" for nothing */
    private static MatchConfig match(Type type, String path, String asks) {
        List<NameValue> headers = new ArrayList<>();
        List<NameValue> parameters = new ArrayList<>();
        List<String> subprotocols = new ArrayList<>();
        for (String part : asks.equals("-") ? new String[0] : asks.trim().split(" +", -1)) {
            int equals = part.indexOf('=');
            if (equals < 0) {
                subprotocols.add(part);
            } else if (part.startsWith("?")) {
                parameters.add(new NameValue(part.substring(1, equals), part.substring(equals + 1)));
            } else {
                headers.add(new NameValue(part.substring(0, equals), part.substring(equals + 1)));
            }
        }
        return new MatchConfig(new PathMatch(type, path), headers, parameters, subprotocols);
    }

    private static Facts facts(Map<String, String> headers) {
        return facts("/p", headers);
    }

    private static Facts facts(String path, Map<String, String> headers) {
        return new Facts("h", path).withHeaders(headers);
    }

    private static Facts lines(String header, String... lines) {
        return new Facts(
                "h",
                "/p",
                Map.of(header, List.of(lines)),
                Map.of(),
                Map.of(),
                InetAddress.getLoopbackAddress(),
                false,
                null);
    }

    private static @Nullable String find(List<RuleConfig> rules, Facts request) {
        String found = find(config(route("r", List.of("h"), rules.toArray(RuleConfig[]::new))), request);
        return found == null ? null : found.substring("r/".length());
    }

    private static @Nullable String find(ProxyConfig config, Facts request) {
        return find(RouteTable.compile(config, (route, of) -> NOWHERE, backend -> null, (route, of) -> null), request);
    }

    private static @Nullable String find(RouteTable table, Facts request) {
        ActiveRule rule = table.route(request);
        return rule == null ? null : rule.route() + "/" + rule.config().name();
    }
}
