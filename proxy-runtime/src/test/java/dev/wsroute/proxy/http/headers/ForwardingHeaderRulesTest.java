// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.headers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.IdentityHeaders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ForwardingHeaderRulesTest {

    private static final Pattern NAME = Pattern.compile("`([\\w-]+)(\\*?)`");

    @ParameterizedTest
    @MethodSource("documented")
    void eachHeaderThatTheGuideListsIsKnown(String name) {
        assertThat(ForwardingHeaderRules.isForwardingHeader(name)).isTrue();
    }

    @Test
    void theGuideListsWhatIsKnown() throws IOException {
        assertThat(documented())
                .usingElementComparator(String.CASE_INSENSITIVE_ORDER)
                .containsAll(IdentityHeaders.REPORTED_BY_PROXIES);
        assertThat(IdentityHeaders.FAMILIES)
                .allSatisfy(family -> assertThat(documented())
                        .anySatisfy(name -> assertThat(name).startsWithIgnoringCase(family)));
    }

    /** Names from the guide's table. A family is represented by one name with its prefix. */
    static List<String> documented() throws IOException {
        String guide = Files.readString(Path.of("../docs/user-guide.md"));
        int table = guide.indexOf("### Headers that only a proxy in front can know");
        return guide.substring(table, guide.indexOf("The proxy itself manages", table))
                .lines()
                .filter(line -> line.startsWith("| ") && line.contains("`"))
                .flatMap(line -> NAME.matcher(line).results())
                .map(found -> found.group(1) + (found.group(2).isEmpty() ? "" : "x"))
                .toList();
    }
}
