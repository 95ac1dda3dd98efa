// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.written;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.wsroute.testkit.Secrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Looks for secrets in text: for those that tests have noted, and for what has the shape of one. A noted secret is found in any
 * of: as it is or by half, in hexadecimal digits, percent-encoded, escaped as in JSON or XML, and in base64 of either
 * alphabet, wherever it stands in what was encoded.
 */
final class SecretScan {

    /** A secret is cut into blocks of this length. Whoever writes half of it writes at least one of them. */
    private static final int BLOCK = Secrets.LENGTH / 2;

    /** What else is a secret, whoever made it. The clue is cheaper to find. */
    private enum Shape {
        TOKEN("eyJ", "eyJ[A-Za-z0-9_-]{13,}", "a part of a JWT"),
        PRIVATE_KEY(" PRIVATE KEY", "-----BEGIN [A-Z ]*PRIVATE KEY", "a private key in PEM"),
        ENCODED_PEM("LS0tLS1CRUdJTi", "LS0tLS1CRUdJTi(BQUklWQVRF|BFQy|BSU0Eg|BFTkNSWVBU)", "a private key in base64"),
        DER(
                "M",
                "\\bM(IGHAgEAM|EECAQAwE|C4CAQAwB|HcCAQEEI|IIE[a-z][A-Za-z0-9+/]IBA(DANBg|AKCAQ))",
                "the beginning of a private key"),
        JWK("\"kty\"", "\"[dk]\"\\s*:\\s*\"[A-Za-z0-9_-]{16,}\"", "a private or symmetric JWK"),
        BCRYPT("$2", "\\$2[aby]\\$\\d\\d\\$[./A-Za-z0-9]{22}", "the hash of a password (bcrypt)"),
        ARGON2("$argon2", "\\$argon2i?d?\\$v=\\d+\\$.{10}", "the hash of a password (Argon2)"),
        HEADER(
                "uthorization",
                "(?i)\\bauthorization\\W{1,8}(basic|bearer)\\s+[A-Za-z0-9+/_=.-]{8,}",
                "an Authorization header");

        private final String clue;
        private final Pattern pattern;
        private final String kind;

        Shape(String clue, String pattern, String kind) {
            this.clue = clue;
            this.pattern = Pattern.compile(pattern);
            this.kind = kind;
        }
    }

    private static final Pattern ESCAPE = Pattern.compile(
            "%([0-9A-Fa-f]{2})|\\\\u([0-9A-Fa-f]{4})|&#x([0-9A-Fa-f]{1,4});|&(quot|amp);|\\\\([\"/\\\\])");
    private static final Map<String, String> ENTITIES = Map.of("quot", "\"", "amp", "&");
    /** A URI in JSON in XML, and one to spare. */
    private static final int NESTING = 4;

    private final Map<String, String> kinds = new HashMap<>();

    /** @param notes a kind, a tab and a secret each */
    SecretScan(Collection<String> notes) {
        for (String note : notes) {
            int tab = note.indexOf('\t');
            add(note.substring(0, tab), note.substring(tab + 1));
        }
    }

    private void add(String kind, String secret) {
        addBlocks(kind, secret);
        byte[] bytes = secret.getBytes(UTF_8);
        addBlocks(kind + ", in hexadecimal digits", HexFormat.of().formatHex(bytes));
        for (int before = 0; before < 3; before++) {
            byte[] shifted = new byte[before + bytes.length];
            System.arraycopy(bytes, 0, shifted, before, bytes.length);
            String encoded = Base64.getEncoder().withoutPadding().encodeToString(shifted);
            // Of the first and the last character, other bits are those of the neighbours.
            int from = (before * 8 + 5) / 6;
            addBlocks(kind + ", in base64", encoded.substring(from, shifted.length * 8 / 6));
        }
    }

    private void addBlocks(String kind, String text) {
        for (String word : words(text)) {
            for (int i = 0; i + BLOCK <= word.length(); i += BLOCK) {
                kinds.putIfAbsent(word.substring(i, i + BLOCK), kind);
            }
        }
    }

    /** Where secrets are: file, number of the line and kind, but nothing of the secret. */
    List<String> findings(Path file) throws IOException {
        List<String> findings = new ArrayList<>();
        int number = 0;
        for (String line :
                new String(Files.readAllBytes(file), ISO_8859_1).lines().toList()) {
            number++;
            int at = number;
            kindIn(line).ifPresent(kind -> findings.add(file + ":" + at + ": " + kind));
        }
        return findings;
    }

    /** What kind of secret the line contains. */
    Optional<String> kindIn(String line) {
        String text = line;
        for (int i = 0; i < NESTING; i++) {
            Optional<String> kind = kindAsWritten(text);
            String decoded = ESCAPE.matcher(text).replaceAll(SecretScan::decoded);
            if (kind.isPresent() || decoded.equals(text)) {
                return kind;
            }
            text = decoded;
        }
        return Optional.empty();
    }

    private Optional<String> kindAsWritten(String text) {
        for (Shape shape : Shape.values()) {
            if (text.contains(shape.clue) && shape.pattern.matcher(text).find()) {
                return Optional.of(shape.kind);
            }
        }
        for (String word : words(text)) {
            for (int i = 0; i + BLOCK <= word.length(); i++) {
                String kind = kinds.get(word.substring(i, i + BLOCK));
                if (kind != null) {
                    return Optional.of(kind);
                }
            }
        }
        return Optional.empty();
    }

    private static String decoded(MatchResult escape) {
        for (int group = 1; group <= 3; group++) {
            if (escape.group(group) != null) {
                return Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(escape.group(group), 16)));
            }
        }
        String entity = escape.group(4);
        return Matcher.quoteReplacement(entity != null ? ENTITIES.get(entity) : escape.group(5));
    }

    /** The runs of characters of base64, in one alphabet, that are long enough for a block. */
    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || !isWord(text.charAt(i))) {
                if (i - start >= BLOCK) {
                    words.add(text.substring(start, i).replace('-', '+').replace('_', '/'));
                }
                start = i + 1;
            }
        }
        return words;
    }

    private static boolean isWord(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || "+/-_".indexOf(c) >= 0;
    }
}
