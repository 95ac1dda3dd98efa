// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.config;

import dev.wsroute.config.ProxyConfigParser;
import dev.wsroute.config.ProxyConfigParser.DocumentFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;

/** Reads a document from a file: JSON if its name ends in {@code .json}, else YAML. Unknown fields are refused. */
public final class ConfigFile {

    private ConfigFile() {}

    /** @throws IOException with a sentence that names the file */
    public static ConfigText read(Path file) throws IOException {
        byte[] bytes = bytes(file);
        if (bytes.length > ProxyConfigParser.MAX_BYTES) {
            throw new IOException(
                    "The configuration file " + file + " is larger than " + ProxyConfigParser.MAX_BYTES + " bytes");
        }
        if (isWide(bytes)) {
            throw new IOException("The configuration file " + file + " is UTF-16 or UTF-32; save it as UTF-8");
        }
        DocumentFormat format =
                file.toString().toLowerCase(Locale.ROOT).endsWith(".json") ? DocumentFormat.JSON : DocumentFormat.YAML;
        return new ConfigText(decoded(file, bytes), format, true);
    }

    /** One byte more than a document may have, if the file is larger. */
    private static byte[] bytes(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(ProxyConfigParser.MAX_BYTES + 1);
        } catch (NoSuchFileException e) {
            throw new IOException("The configuration file " + file + " does not exist", e);
        } catch (AccessDeniedException e) {
            throw new IOException("Permission denied reading the configuration file " + file, e);
        } catch (IOException e) {
            throw new IOException("Cannot read the configuration file " + file + ": " + e.getMessage(), e);
        }
    }

    private static String decoded(Path file, byte[] bytes) throws IOException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IOException("The configuration file " + file + " is not UTF-8", e);
        }
    }

    /** Detects the byte order mark, or the zero byte of a leading ASCII character (RFC 4627 §3). */
    private static boolean isWide(byte[] bytes) {
        if (bytes.length < 2) {
            return false;
        }
        int first = bytes[0] & 0xff;
        int second = bytes[1] & 0xff;
        return (first == 0xfe && second == 0xff) || (first == 0xff && second == 0xfe) || first == 0 || second == 0;
    }
}
