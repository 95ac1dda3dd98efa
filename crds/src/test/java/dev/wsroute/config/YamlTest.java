package dev.wsroute.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wsroute.config.ProxyConfigParser.Format;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is YAML's own in a document: anchors, aliases, merge keys, byte order marks, line ends. */
class YamlTest {

    private static final String HEAD = "listeners: [{name: ws, port: 80}]\n";

    @Test
    void an_alias_means_what_its_anchor_names_and_not_its_own_name() throws Exception {
        ProxyConfig config = parse(HEAD
                + "routes:\n"
                + "  - name: &first one\n"
                + "    hostnames: &hosts [&host chat.example.com, b.example.com]\n"
                + "    rules: &rules\n"
                + "      - name: *first\n"
                + "        timeouts: {connect: &time 3s, upgrade: *time}\n"
                + "        responseHeaders: {set: [{name: X-A, value: &v 'it''s: \"#1\"'}, {name: X-B, value: *v}]}\n"
                + "  - {name: two, hostnames: [*host], rules: *rules}\n"
                + "  - {name: three, hostnames: *hosts, rules: *rules}\n");

        assertThat(config.routes().get(0).rules().get(0).name()).isEqualTo("one");
        assertThat(config.routes().get(1).hostnames()).containsExactly("chat.example.com");
        assertThat(config.routes().get(2).hostnames()).containsExactly("chat.example.com", "b.example.com");
        RuleConfig rule = config.routes().get(2).rules().get(0);
        assertThat(rule).isEqualTo(config.routes().get(0).rules().get(0));
        assertThat(rule.timeouts().upgrade()).isEqualTo(Duration.ofSeconds(3));
        assertThat(rule.responseHeaders().set())
                .containsExactly(new NameValue("X-A", "it's: \"#1\""), new NameValue("X-B", "it's: \"#1\""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"no", "on", "0x10", "1e3", "'7'", "~x", "2001-01-01", "12:30", "a b", "\"q\\\"\\n\""})
    void values_of_a_document_with_aliases_mean_what_they_mean_without(String value) throws Exception {
        String document = "name: " + value + "\n" + HEAD;

        String plain = outcome(document);
        String withAlias =
                outcome(document.replace("name: ws", "name: &n ws") + "routes: [{name: *n, rules: [{name: all}]}]\n");

        assertThat(withAlias).isEqualTo(plain);
    }

    @Test
    void an_anchor_that_is_given_again_means_the_newer_node() throws Exception {
        ProxyConfig config =
                parse(HEAD + "routes: [{name: &n a, rules: [{name: *n}]}, {name: &n b, rules: [{name: *n}]}]\n");

        assertThat(config.routes().get(0).rules().get(0).name()).isEqualTo("a");
        assertThat(config.routes().get(1).rules().get(0).name()).isEqualTo("b");
    }

    @Test
    void merge_keys_add_what_is_not_given() throws Exception {
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
    void what_cannot_be_merged_is_no_field() {
        assertThatThrownBy(() -> parse(HEAD + "drain: {<<: 3}\n"))
                .hasMessageStartingWith("drain.<< is not a field of this document");
    }

    @Test
    void an_alias_without_an_anchor_is_refused_where_it_stands() {
        assertThatThrownBy(() -> parse(HEAD + "name: *nobody\n"))
                .hasMessage("The alias *nobody at line 2, column 7 has no anchor before it");
        assertThatThrownBy(() -> parse("listeners: &l [*l]\n"))
                .hasMessage("The alias *l at line 1, column 16 stands within what it names");
    }

    @Test
    void a_document_that_breaks_behind_an_alias_is_refused() {
        assertThatThrownBy(() -> parse("name: &n a\nlisteners: [{name: *n, port: 80}\n"))
                .hasMessageStartingWith("The document is not valid YAML");
    }

    @Test
    void a_byte_order_mark_and_other_line_ends_change_nothing() throws Exception {
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
        return new ProxyConfigParser().parse(document, Format.YAML, true).config();
    }
}
