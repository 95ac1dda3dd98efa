// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.jwt;

import dev.wsroute.proxy.drain.TokenNames;
import dev.wsroute.proxy.material.MaterialException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Revoked tokens. Immutable.
 *
 * @param tokens each names the tokens with its {@code jti} or its {@code sub}, of which it has one, and with its {@code iss} if it has
 *     one
 */
public record DenyList(Set<TokenNames> tokens) {

    private static final String ISSUER = "iss ";
    private static final String ID = "jti ";
    private static final String SUBJECT = "sub ";

    public DenyList {
        tokens = Set.copyOf(tokens);
    }

    /**
     * Reads one entry a line, {@code jti ID} or {@code sub SUBJECT}, with {@code iss ISSUER} before it if it is about one issuer only.
     * Empty lines and those that begin with {@code #} are ignored; an empty list is one.
     *
     * @param what what holds it, for sentences
     * @throws MaterialException if a line is neither; the sentence does not quote it
     */
    static DenyList parse(String what, byte[] text) throws MaterialException {
        Set<TokenNames> tokens = new HashSet<>();
        String[] lines = decoded(what, text).split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            String line = lines[i].strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                TokenNames names = entry(line);
                if (names == null) {
                    throw new MaterialException(what + " line " + (i + 1)
                            + " is neither 'jti ID' nor 'sub SUBJECT', perhaps after 'iss ISSUER'");
                }
                tokens.add(names);
            }
        }
        return new DenyList(tokens);
    }

    /** Null if it is none. */
    private static @Nullable TokenNames entry(String line) {
        String issuer = null;
        String rest = line;
        if (line.startsWith(ISSUER)) {
            String[] parts = line.substring(ISSUER.length()).strip().split(" ", 2);
            issuer = parts[0];
            rest = parts.length == 2 ? parts[1].strip() : "";
        }
        if (rest.startsWith(ID)) {
            return new TokenNames(issuer, rest.substring(ID.length()).strip(), null);
        }
        return rest.startsWith(SUBJECT)
                ? new TokenNames(issuer, null, rest.substring(SUBJECT.length()).strip())
                : null;
    }

    private static String decoded(String what, byte[] text) throws MaterialException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(text))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MaterialException(what + " is not UTF-8", e);
        }
    }

    /** Whether a token is revoked. */
    public boolean revokes(TokenNames token) {
        return names(token.issuer(), token.id(), null) || names(token.issuer(), null, token.subject());
    }

    private boolean names(@Nullable String issuer, @Nullable String id, @Nullable String subject) {
        return (id != null || subject != null)
                && (tokens.contains(new TokenNames(null, id, subject))
                        || (issuer != null && tokens.contains(new TokenNames(issuer, id, subject))));
    }

    /** A number alone: a subject may be an address of a person. */
    @Override
    public String toString() {
        return tokens.size() + " token(s) or subject(s) revoked";
    }
}
