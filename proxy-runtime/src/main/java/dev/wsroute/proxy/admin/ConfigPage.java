// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdDelegatingSerializer;
import com.fasterxml.jackson.databind.util.StdConverter;
import dev.wsroute.admin.Answer;
import dev.wsroute.admin.Page;
import dev.wsroute.config.ConfigVersion;
import dev.wsroute.config.Durations;
import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.ProxyConfigParser.Parsed;
import dev.wsroute.proxy.balance.Balancing;
import dev.wsroute.proxy.config.ConfigListener;
import dev.wsroute.proxy.config.ConfigText;
import dev.wsroute.proxy.discovery.EndpointSet;
import dev.wsroute.proxy.discovery.SourceKey;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code /config}: the current configuration, and the state of its endpoints. */
public final class ConfigPage implements ConfigListener, Page {

    private static final int PATIENCE_SECONDS = 5;

    private final ObjectMapper mapper = new ObjectMapper()
            .registerModule(new SimpleModule()
                    .addSerializer(Duration.class, new StdDelegatingSerializer(Duration.class, new DurationText())))
            .enable(SerializationFeature.INDENT_OUTPUT);
    private final Executor control;
    private final Supplier<Map<SourceKey, EndpointSet>> endpoints;
    private final Balancing balancing;
    private final ConnectionCounts counts;
    private @Nullable ProxyConfig config;
    private ConfigView.@Nullable RefusalView refused;

    /** Writes durations in the format of the document. */
    private static final class DurationText extends StdConverter<Duration, String> {

        @Override
        public String convert(Duration value) {
            return Durations.format(value);
        }
    }

    /**
     * @param control the control thread, on which {@code endpoints} is called
     * @param balancing state of the endpoints
     */
    public ConfigPage(
            Executor control,
            Supplier<Map<SourceKey, EndpointSet>> endpoints,
            Balancing balancing,
            ConnectionCounts counts) {
        this.control = control;
        this.endpoints = endpoints;
        this.balancing = balancing;
        this.counts = counts;
    }

    @Override
    public void applied(Parsed parsed, ConfigText text) {
        config = parsed.config();
        refused = null;
    }

    @Override
    public void refused(@Nullable ConfigVersion version, String reason, RefusalCause cause) {
        refused = new ConfigView.RefusalView(version, cause.name().toLowerCase(Locale.ROOT), reason);
    }

    @Override
    public Answer answer(@Nullable String query) {
        try {
            ConfigView view = CompletableFuture.supplyAsync(this::view, control)
                    .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .join();
            return new Answer(200, "application/json", mapper.writeValueAsString(view) + "\n");
        } catch (CompletionException e) {
            return Answer.text(503, "the proxy is too busy to answer");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the configuration can always be written as JSON", e);
        }
    }

    private ConfigView view() {
        ProxyConfig now = config;
        return now == null ? ConfigView.none(refused) : ConfigView.of(now, refused, counts, endpoints.get(), balancing);
    }
}
