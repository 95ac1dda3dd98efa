package dev.wsroute.proxy.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.InvalidConfigException;
import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.ProxyConfigParser;
import dev.wsroute.config.ProxyConfigParser.Format;

/** A document is refused with sentences, or it is read, and then written and read again as the same. */
public final class ConfigFuzz {

    private static final ProxyConfigParser PARSER = new ProxyConfigParser();

    private ConfigFuzz() {}

    /** The first byte chooses the format and strictness, the rest is the text. */
    public static void fuzzerTestOneInput(byte[] data) throws InvalidConfigException {
        if (data.length == 0) {
            return;
        }
        String text = new String(data, 1, data.length - 1, UTF_8);
        Format format = (data[0] & 1) == 0 ? Format.YAML : Format.JSON;
        ProxyConfig config;
        try {
            config = PARSER.parse(text, format, (data[0] & 2) == 0).config();
        } catch (InvalidConfigException refused) {
            assertThat(refused.problems()).isNotEmpty().doesNotContain("");
            return;
        }
        String written = PARSER.write(config);
        assertThat(PARSER.parse(written, true).config()).isEqualTo(config);
        assertThat(PARSER.write(PARSER.parse(written, true).config())).isEqualTo(written);
    }
}
