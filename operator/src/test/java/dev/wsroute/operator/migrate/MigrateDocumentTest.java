// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What docs/ingress-nginx.md says is what the program does. */
class MigrateDocumentTest {

    private static final Path DOCUMENT = Path.of("../docs/ingress-nginx.md");
    private static final Pattern NAME = Pattern.compile("`([a-z0-9-]+)`");

    @Test
    void theTableHasEachAnnotationThatTheProgramKnows() throws IOException {
        Set<String> documented = Files.readAllLines(DOCUMENT).stream()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.substring(1, line.indexOf('|', 1)))
                .flatMap(names -> NAME.matcher(names).results().map(MigrateDocumentTest::name))
                .collect(Collectors.toSet());

        assertThat(documented)
                .containsExactlyInAnyOrderElementsOf(NginxAnnotations.all().keySet());
    }

    @Test
    void theExampleIsConvertedAsTheDocumentSays() throws IOException {
        List<String> examples = Pattern.compile("(?ms)^```yaml\n(.*?)^```$")
                .matcher(Files.readString(DOCUMENT))
                .results()
                .map(MigrateDocumentTest::name)
                .toList();

        List<ConvertedRoute> routes = new RouteBuilder("LoadBalancer").convert(IngressReader.read(examples.get(0)));

        assertThat(examples).hasSize(2);
        assertThat(routes).hasSize(1);
        assertThat(Serialization.unmarshal(routes.get(0).print(false), JsonNode.class))
                .isEqualTo(Serialization.unmarshal(examples.get(1), JsonNode.class));
    }

    private static String name(MatchResult found) {
        return found.group(1);
    }
}
