// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.PathMatch;
import dev.wsroute.config.PathMatch.Type;
import dev.wsroute.config.UrlRewrite;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetRewriteTest {

    @ParameterizedTest(name = "{0} with prefix {1} replaced by {2}: {3}")
    @CsvSource({
        // The table of Gateway API's HTTPPathModifier.
        "/foo/bar, /foo, /xyz, /xyz/bar",
        "/foo/bar, /foo, /xyz/, /xyz/bar",
        "/foo/bar, /foo/, /xyz, /xyz/bar",
        "/foo/bar, /foo/, /xyz/, /xyz/bar",
        "/foo, /foo, /xyz, /xyz",
        "/foo/, /foo, /xyz, /xyz/",
        "/foo/bar, /foo, /, /bar",
        "/foo/, /foo, /, /",
        "/foo, /foo, /, /",
        "/foo, /foo/, /xyz, /xyz",
        "/foo, /foo, /xyz/, /xyz/",
        "/foo/, /foo, /xyz/, /xyz/",
        // The root.
        "/, /, /ws, /ws",
        "/, /, /ws/, /ws/",
        "/bar, /, /ws, /ws/bar",
        "/bar, , /ws, /ws/bar",
        "/bar, /, /, /bar",
        // What follows the prefix stays, byte for byte.
        "/foo//bar, /foo, /, //bar",
        "/foo/%2e%2e/%C3%A9;v=1\\x, /foo, /xyz, /xyz/%2e%2e/%C3%A9;v=1\\x",
        "/foo/../bar, /foo, /xyz, /xyz/../bar",
        "/foo?, /foo, /xyz, /xyz?",
        "/foo?a=/foo&b=%20?, /foo, /xyz, /xyz?a=/foo&b=%20?",
        "/foo/bar?a=/foo/bar, /foo, /, /bar?a=/foo/bar",
        "http://a.example/foo/bar?q, /foo, /xyz, http://a.example/xyz/bar?q",
        "HTTP://foo/foo, /foo, /xyz, HTTP://foo/xyz",
        "ws://a/foo/bar, /foo, /xyz, ws://a/xyz/bar",
        // A request line may contain only printable ASCII.
        "/foo, /foo, /é x, /%C3%A9%20x",
    })
    void aPrefixIsReplacedAtTheBorderOfASegment(
            String target, @Nullable String prefix, String replacement, String expected) {
        PathMatch match = prefix == null ? null : new PathMatch(Type.PathPrefix, prefix);
        TargetRewrite rewrite = TargetRewrite.of(UrlRewrite.of(replacement, null), match);

        assertThat(rewrite.target(target, path(target))).isEqualTo(expected);
        assertThat(rewrite.hostname()).isNull();
    }

    @ParameterizedTest(name = "{0} becomes {1}")
    @CsvSource({
        "/foo?q, /foo?q",
        "http://a.example:80/foo?q=http://b/, http://inner/foo?q=http://b/",
        "ws://a/foo, ws://inner/foo",
        "WSS://a.example./?q, WSS://inner/?q",
        "*, *",
    })
    void theHostIsThatOfTheAbsoluteFormToo(String target, String expected) {
        TargetRewrite rewrite = TargetRewrite.of(UrlRewrite.of(null, "inner"), null);

        assertThat(rewrite.hostname()).isEqualTo("inner");
        assertThat(rewrite.target(target, path(target))).isEqualTo(expected);
    }

    @Test
    void withoutARewriteTheTargetIsTheSame() {
        String target = "http://a.example/foo?q";

        assertThat(TargetRewrite.of(null, null).target(target, "/foo")).isSameAs(target);
    }

    private static String path(String target) {
        String path = target.replaceFirst("^(?i)(?:http|ws)s?://[^/]*", "");
        return path.indexOf('?') < 0 ? path : path.substring(0, path.indexOf('?'));
    }
}
