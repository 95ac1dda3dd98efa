// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.jwt;

import dev.wsroute.proxy.material.MaterialException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Revoked tokens: those with one of these {@code jti} or {@code sub}. Immutable.
 *
 * @param ids values of {@code jti}
 * @param subjects values of {@code sub}
 */
public record DenyList(Set<String> ids, Set<String> subjects) {

    private static final String ID = "jti ";
    private static final String SUBJECT = "sub ";

    public DenyList {
        ids = Set.copyOf(ids);
        subjects = Set.copyOf(subjects);
    }

    /**
     * Reads one entry a line, {@code jti ID} or {@code sub SUBJECT}. Empty lines and those that begin with {@code #} are ignored; an
     * empty list is one.
     *
     * @param what what holds it, for sentences
     * @throws MaterialException if a line is neither; the sentence does not quote it
     */
    static DenyList parse(String what, byte[] text) throws MaterialException {
        Set<String> ids = new HashSet<>();
        Set<String> subjects = new HashSet<>();
        String[] lines = decoded(what, text).split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            String line = lines[i].strip();
            if (line.startsWith(ID)) {
                ids.add(line.substring(ID.length()).strip());
            } else if (line.startsWith(SUBJECT)) {
                subjects.add(line.substring(SUBJECT.length()).strip());
            } else if (!line.isEmpty() && !line.startsWith("#")) {
                throw new MaterialException(what + " line " + (i + 1) + " is neither 'jti ID' nor 'sub SUBJECT'");
            }
        }
        return new DenyList(ids, subjects);
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

    /**
     * Whether a token is revoked.
     *
     * @param id its {@code jti}; null for none
     * @param subject its {@code sub}; null for none
     */
    public boolean revokes(@Nullable String id, @Nullable String subject) {
        return (id != null && ids.contains(id)) || (subject != null && subjects.contains(subject));
    }

    /** Numbers alone: a subject may be an address of a person. */
    @Override
    public String toString() {
        return ids.size() + " token(s) and " + subjects.size() + " subject(s) revoked";
    }
}
