// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.credentials;

import dev.wsroute.config.AccessConfig;
import dev.wsroute.config.CertificateReport;
import dev.wsroute.config.CertificateReport.Place;
import dev.wsroute.config.CredentialSource;
import dev.wsroute.config.ProxyConfig;
import dev.wsroute.proxy.material.FollowedMaterial;
import dev.wsroute.proxy.material.KeptMaterial;
import dev.wsroute.proxy.material.MaterialParser;
import dev.wsroute.proxy.material.MaterialSource;
import dev.wsroute.proxy.material.SharedMaterial;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Files of one kind that a document's rules name. What was read last and is sound is in force; it is kept in memory only. Confined to
 * the control thread, but for what it supplies.
 *
 * @param <T> what a file contains
 */
final class FollowedCredentials<T> {

    private final String use;
    private final Function<AccessConfig, @Nullable CredentialSource> named;
    private final SharedMaterial<CredentialSource, T> material;
    private final Map<CredentialSource, Current<T>> current = new HashMap<>();
    private List<Named> files = List.of();
    private Runnable changed = () -> {};

    /** Routes of a file may have rules of the same name. */
    private record Named(String rule, CredentialSource source) {}

    /** What is in force, for all threads; null before it is known. */
    private static final class Current<T> {
        volatile @Nullable T value;
    }

    /**
     * @param use of the files, for logs and reports
     * @param named the file that a rule names; null for none
     */
    FollowedCredentials(
            String use,
            Function<AccessConfig, @Nullable CredentialSource> named,
            MaterialParser.ValueParser<T> parser,
            Executor control,
            Function<CredentialSource, MaterialSource> factory) {
        this.use = use;
        this.named = named;
        this.material = new SharedMaterial<>(source -> new FollowedMaterial<>(
                source.label(),
                MaterialParser.of(use, source.key(), parser),
                control,
                factory.apply(source),
                KeptMaterial.NONE,
                this::update));
    }

    /** Starts following a document's files in addition to the current ones. Completes when all of them have reported. */
    CompletableFuture<Void> require(ProxyConfig config) {
        return material.require(sources(files(config)));
    }

    /** Follows a document's files and no others. */
    void applied(ProxyConfig config) {
        use(files(config));
    }

    /** Stops following anything. */
    void close() {
        use(List.of());
    }

    private void use(List<Named> next) {
        files = next;
        Set<CredentialSource> wanted = sources(next);
        var unused = material.require(wanted);
        material.retain(wanted);
        current.keySet().retainAll(wanted);
        wanted.forEach(this::entry);
        update();
    }

    private static Set<CredentialSource> sources(List<Named> files) {
        return files.stream().map(Named::source).collect(Collectors.toSet());
    }

    private List<Named> files(ProxyConfig config) {
        List<Named> found = new ArrayList<>();
        config.routes()
                .forEach(route -> route.rules().forEach(rule -> {
                    CredentialSource source = rule.access() == null ? null : named.apply(rule.access());
                    if (source != null) {
                        found.add(new Named(rule.name(), source));
                    }
                }));
        return found;
    }

    private void update() {
        current.forEach((source, entry) -> entry.value = material.follow(source).good());
        changed.run();
    }

    void whenChanged(Runnable listener) {
        changed = listener;
    }

    /** What is wrong with the files of the applied document. */
    List<CertificateReport> faults() {
        List<CertificateReport> faults = new ArrayList<>();
        for (Named each : files) {
            String fault = material.follow(each.source).fault();
            if (fault != null) {
                Place place = Place.ofCredentials(each.rule, use);
                faults.add(CertificateReport.faulty(place, each.source.label(), null, fault));
            }
        }
        return faults;
    }

    private Current<T> entry(CredentialSource source) {
        return current.computeIfAbsent(source, each -> new Current<>());
    }

    /** What is in force; null before it has been read. May be asked by any thread. */
    Supplier<@Nullable T> inForce(CredentialSource source) {
        Current<T> entry = entry(source);
        return () -> entry.value;
    }
}
