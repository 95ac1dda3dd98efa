// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.state;

import dev.wsroute.config.ConfigVersion;
import dev.wsroute.config.ProxyConfigParser;
import dev.wsroute.config.ProxyConfigParser.DocumentFormat;
import dev.wsroute.config.ProxyConfigParser.Parsed;
import dev.wsroute.proxy.config.ConfigListener;
import dev.wsroute.proxy.config.ConfigText;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Stores the last document that was applied. */
public final class LastGoodConfig implements ConfigListener {

    private static final String FILE = "proxy-config.json";

    private final StateDir state;
    private final Executor writer;
    private final ProxyConfigParser parser = new ProxyConfigParser();

    /** @param writer may block in writes */
    public LastGoodConfig(StateDir state, Executor writer) {
        this.state = state;
        this.writer = writer;
    }

    /** The stored document; null if there is none. */
    public @Nullable ConfigText load() {
        String text = state.read(FILE);
        return text == null ? null : new ConfigText(text, DocumentFormat.JSON, false);
    }

    @Override
    public void applied(Parsed parsed, ConfigText text) {
        // JSON is stored unchanged, with fields that only a newer version knows. YAML is converted to JSON.
        String content = text.format() == DocumentFormat.JSON ? text.text() : parser.write(parsed.config());
        writer.execute(() -> state.write(FILE, content));
    }

    @Override
    public void refused(@Nullable ConfigVersion version, String reason, RefusalCause cause) {
        // The stored document is still the last good one.
    }
}
