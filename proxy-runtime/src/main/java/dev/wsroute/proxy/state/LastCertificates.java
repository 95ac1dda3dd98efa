// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.state;

import dev.wsroute.proxy.material.KeptMaterial;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores the last good certificates, keys and CAs of Secrets and ConfigMaps, each in a file that only this user can
 * read. The directory should be memory-backed, so that no key reaches a disk.
 */
public final class LastCertificates implements KeptMaterial {

    private static final Logger LOG = LoggerFactory.getLogger(LastCertificates.class);
    private static final String PREFIX = "tls-";

    private final StateDir directory;
    private final Executor writer;

    /** @param writer may block in writes */
    public LastCertificates(StateDir directory, Executor writer) {
        this.directory = directory;
        this.writer = writer;
    }

    @Override
    public @Nullable Map<String, byte[]> load(String source) {
        String text = directory.read(file(source));
        if (text == null) {
            return null;
        }
        Map<String, byte[]> data = new HashMap<>();
        try {
            for (String line : text.split("\n", -1)) {
                int equals = line.indexOf('=');
                if (equals > 0) {
                    data.put(line.substring(0, equals), Base64.getDecoder().decode(line.substring(equals + 1)));
                }
            }
            return data;
        } catch (IllegalArgumentException e) {
            LOG.warn("The stored data of {} is invalid; starting without it", source);
            return null;
        }
    }

    @Override
    public void keep(String source, Map<String, byte[]> data) {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(data)
                .forEach((key, value) -> text.append(key)
                        .append('=')
                        .append(Base64.getEncoder().encodeToString(value))
                        .append('\n'));
        writer.execute(() -> directory.writeSecret(file(source), text.toString()));
    }

    @Override
    public void retain(Set<String> sources) {
        Set<String> files = new HashSet<>();
        sources.forEach(source -> files.add(file(source)));
        writer.execute(() -> directory.names(PREFIX).stream()
                .filter(name -> !files.contains(name))
                .forEach(directory::delete));
    }

    private static String file(String source) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(source.getBytes(StandardCharsets.UTF_8));
            return PREFIX + HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
