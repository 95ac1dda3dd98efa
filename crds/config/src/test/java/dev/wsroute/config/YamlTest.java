// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wsroute.config.ProxyConfigParser.DocumentFormat;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Features of YAML in documents: anchors, aliases, merge keys, byte order marks, line ends. */
class YamlTest {

    private static final String HEAD = "listeners: [{name: ws, port: 80}]\n";

    @Test
    void anAliasMeansWhatItsAnchorNamesAndNotItsOwnName() throws Exception {
        ProxyConfig config = parse(HEAD
                + "routes:\n"
                + "  - name: &first one\n"
                + "    hostnames: &hosts [&host chat.example.com, b.example.com]\n"
                + "    rules: &rules\n"
                + "      - name: *first\n"
                + "        timeouts: {connect: &time 3s, upgrade: *time}\n"
                + "        responseHeaderModifier: {set: [{name: X-A, value: &v 'it''s: \"#1\"'}, {name: X-B, value: *v}]}\n"
                + "  - {name: two, hostnames: [*host], rules: *rules}\n"
                + "  - {name: three, hostnames: *hosts, rules: *rules}\n");

        assertThat(config.routes().get(0).rules().get(0).name()).isEqualTo("one");
        assertThat(config.routes().get(1).hostnames()).containsExactly("chat.example.com");
        assertThat(config.routes().get(2).hostnames()).containsExactly("chat.example.com", "b.example.com");
        RuleConfig rule = config.routes().get(2).rules().get(0);
        assertThat(rule).isEqualTo(config.routes().get(0).rules().get(0));
        assertThat(rule.timeouts().upgrade()).isEqualTo(Duration.ofSeconds(3));
        assertThat(rule.responseHeaderModifier().set())
                .containsExactly(new NameValue("X-A", "it's: \"#1\""), new NameValue("X-B", "it's: \"#1\""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"no", "on", "0x10", "1e3", "'7'", "~x", "2001-01-01", "12:30", "a b", "\"q\\\"\\n\""})
    void valuesOfADocumentWithAliasesMeanWhatTheyMeanWithout(String value) throws Exception {
        String document = "name: " + value + "\n" + HEAD;

        String plain = outcome(document);
        String withAlias =
                outcome(document.replace("name: ws", "name: &n ws") + "routes: [{name: *n, rules: [{name: all}]}]\n");

        assertThat(withAlias).isEqualTo(plain);
    }

    @Test
    void anAnchorThatIsGivenAgainMeansTheNewerNode() throws Exception {
        ProxyConfig config =
                parse(HEAD + "routes: [{name: &n a, rules: [{name: *n}]}, {name: &n b, rules: [{name: *n}]}]\n");

        assertThat(config.routes().get(0).rules().get(0).name()).isEqualTo("a");
        assertThat(config.routes().get(1).rules().get(0).name()).isEqualTo("b");
    }

    @Test
    void anAliasMeansTheAnchorThatWasWrittenLastBeforeIt() throws Exception {
        ProxyConfig config = parse(HEAD + "x-names: &n [a, &n b, *n]\n" + "routes: [{name: *n, rules: [{name: c}]}]\n");

        assertThat(config.routes().get(0).name()).isEqualTo("b");
    }

    @Test
    void anAliasMayBeAKeyOrWithinAnAnchoredNode() throws Exception {
        ProxyConfig config = parse(HEAD
                + "x-key: &k name\n"
                + "x-rule: &r {*k : &v a, timeouts: &t {connect: 3s}}\n"
                + "x-route: &o {*k : *v, rules: [*r, {name: b, timeouts: *t}]}\n"
                + "routes: [*o]\n");

        assertThat(config.routes().get(0).name()).isEqualTo("a");
        assertThat(config.routes().get(0).rules().get(1).timeouts().connect()).isEqualTo(Duration.ofSeconds(3));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            name: !include other.yaml   | The tag !include at line 1, column 7
            name: !!binary aGVsbG8=     | The tag !!binary at line 1, column 7
            'routes: !secret [a]'       | The tag !secret at line 1, column 9
            'routes: !!set {a, b}'      | The tag !!set at line 1, column 9
            'x-a: !<tag:a.example,2000:x> {a: b}' | The tag tag:a.example,2000:x at line 1, column 6
            name: !env HOME             | The tag !env at line 1, column 7
            """)
    void aValueWithATagThatMeansNothingHereIsRefusedAndNeverText(String line, String beginning) {
        assertThatThrownBy(() -> parse(line + "\n" + HEAD))
                .hasMessage(beginning + " means nothing here: a document holds plain values, lists and objects");
    }

    @Test
    void yamlsOwnTagsSayWhatAValueIs() throws Exception {
        ProxyConfig config = parse("name: !!str 80\nlisteners: !!seq [!!map {name: ! ws, port: !!int \"80\"}]\n");

        assertThat(config.name()).isEqualTo("80");
        assertThat(config.listeners().get(0).port()).isEqualTo(80);
    }

    @Test
    void aDocumentWithAliasesIsCorrectedAtItsOwnLines() {
        assertThatThrownBy(() -> parse("name: &n a\n\n# why\n\nlisteners: [{name: *n, port: 1, port: 2}]\n"))
                .hasMessage("listeners[0].port is given twice at line 5, column 33");
        assertThatThrownBy(() -> parse("name: &n a\n\nlisteners: [{name: *n, port: 80}\n"))
                .hasMessageStartingWith("The document is not valid YAML at line 3, column 33: ");
        assertThatThrownBy(() -> parse(HEAD + "name: &n a\nx-name: *n\n---\n" + HEAD))
                .hasMessage("The document must be the only one of its file, another one begins at line 5, column 1");
    }

    @Test
    void whatIsNestedTooDeeplyIsRefusedWithAliasesAsWithout() {
        StringBuilder nested = new StringBuilder(HEAD).append("x-0: &a0 []\n");
        for (int i = 1; i < 1100; i++) {
            nested.append("x-")
                    .append(i)
                    .append(": &a")
                    .append(i)
                    .append(" [*a")
                    .append(i - 1)
                    .append("]\n");
        }
        assertThatThrownBy(() -> parse(nested.toString())).hasMessageContaining("bytes");
        assertThatThrownBy(() -> parse(HEAD + "x-a: " + "[".repeat(2000) + "]".repeat(2000) + "\n"))
                .hasMessage("The document must not have more than 1000 lists and objects within each other");
    }

    @Test
    void mergeKeysAddWhatIsNotGiven() throws Exception {
        ProxyConfig config = parse(HEAD
                + "x-times: &t {connect: 3s, upgrade: 4s}\n"
                + "routes:\n"
                + "  - name: r\n"
                + "    rules:\n"
                + "      - {name: a, timeouts: *t}\n"
                + "      - {name: b, timeouts: {<<: *t, upgrade: 5s}}\n"
                + "      - {name: c, timeouts: {<<: [{upgrade: 9s}, *t]}}\n");

        List<RuleConfig> rules = config.routes().get(0).rules();
        assertThat(rules.get(1).timeouts().connect()).isEqualTo(Duration.ofSeconds(3));
        assertThat(rules.get(1).timeouts().upgrade()).isEqualTo(Duration.ofSeconds(5));
        assertThat(rules.get(2).timeouts().connect()).isEqualTo(Duration.ofSeconds(3));
        assertThat(rules.get(2).timeouts().upgrade()).isEqualTo(Duration.ofSeconds(9));
    }

    @Test
    void whatCannotBeMergedIsNoField() {
        assertThatThrownBy(() -> parse(HEAD + "drain: {<<: 3}\n"))
                .hasMessageStartingWith("drain.<< is not a field of this document");
    }

    @Test
    void anAliasWithoutAnAnchorIsRefusedWithItsPosition() {
        assertThatThrownBy(() -> parse(HEAD + "name: *nobody\n"))
                .hasMessage("The alias *nobody at line 2, column 7 has no anchor before it");
        assertThatThrownBy(() -> parse("listeners: &l [*l]\n"))
                .hasMessage("The alias *l at line 1, column 16 stands within what it names");
    }

    @Test
    void aDocumentThatBreaksBehindAnAliasIsRefused() {
        assertThatThrownBy(() -> parse("name: &n a\nlisteners: [{name: *n, port: 80}\n"))
                .hasMessageStartingWith("The document is not valid YAML");
    }

    @Test
    void aByteOrderMarkAndOtherLineEndsChangeNothing() throws Exception {
        assertThat(parse("\uFEFF" + HEAD)).isEqualTo(parse(HEAD));
        assertThat(parse((HEAD + "name: a\n").replace("\n", "\r\n"))).isEqualTo(parse(HEAD + "name: a\n"));
        assertThat(new ProxyConfigParser()
                        .parse("\uFEFF{\"listeners\":[{\"name\":\"ws\",\"port\":80}]}", true)
                        .config())
                .isEqualTo(parse(HEAD));
    }

    private static String outcome(String document) {
        try {
            return parse(document).name();
        } catch (InvalidConfigException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static ProxyConfig parse(String document) throws InvalidConfigException {
        return new ProxyConfigParser()
                .parse(document, DocumentFormat.YAML, true)
                .config();
    }
}
