// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.credentials;

import dev.wsroute.proxy.material.MaterialException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/** {@code $argon2id$v=19$m=KIB,t=PASSES,p=LANES$SALT$HASH} (RFC 9106; the string format of the reference implementation). */
final class Argon2Hash implements PasswordHash {

    /** A check allocates so much, in KiB: at most a sixteenth of the heap, which no budget knows of. */
    private static final int MAX_MEMORY =
            (int) Math.min(32 * 1024, Runtime.getRuntime().maxMemory() / 1024 / 16);

    private static final int MAX_PASSES = 10;
    private static final int MAX_LANES = 8;

    private static final Pattern FORM =
            Pattern.compile("\\$argon2(id|i|d)\\$v=19\\$m=(\\d{1,7}),t=(\\d{1,3}),p=(\\d{1,3})"
                    + "\\$([+/A-Za-z0-9]{11,86})\\$([+/A-Za-z0-9]{16,86})");

    private final String text;
    private final Argon2Parameters parameters;
    private final byte[] hash;

    private Argon2Hash(String text, Argon2Parameters parameters, byte[] hash) {
        this.text = text;
        this.parameters = parameters;
        this.hash = hash;
    }

    static Argon2Hash parse(String text) throws MaterialException {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new MaterialException("must have an Argon2 hash of version 19, as argon2 -e writes it");
        }
        int memory = bounded("memory of", matcher.group(2), 8, MAX_MEMORY);
        int passes = bounded("number of passes of", matcher.group(3), 1, MAX_PASSES);
        int lanes = bounded("parallelism of", matcher.group(4), 1, MAX_LANES);
        try {
            Argon2Parameters parameters = new Argon2Parameters.Builder(type(matcher.group(1)))
                    .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                    .withMemoryAsKB(memory)
                    .withIterations(passes)
                    .withParallelism(lanes)
                    .withSalt(Base64.getDecoder().decode(matcher.group(5)))
                    .build();
            return new Argon2Hash(text, parameters, Base64.getDecoder().decode(matcher.group(6)));
        } catch (IllegalArgumentException e) {
            throw new MaterialException("must have an Argon2 hash whose salt and hash are Base64", e);
        }
    }

    private static int bounded(String what, String digits, int least, int most) throws MaterialException {
        int value = Integer.parseInt(digits);
        if (value < least || value > most) {
            throw new MaterialException(
                    "has an Argon2 " + what + " " + value + ", which must be " + least + " to " + most);
        }
        return value;
    }

    private static int type(String name) {
        return switch (name) {
            case "id" -> Argon2Parameters.ARGON2_id;
            case "i" -> Argon2Parameters.ARGON2_i;
            default -> Argon2Parameters.ARGON2_d;
        };
    }

    @Override
    public String text() {
        return text;
    }

    @Override
    public boolean matches(byte[] password) {
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(parameters);
        byte[] computed = new byte[hash.length];
        generator.generateBytes(password, computed);
        return MessageDigest.isEqual(computed, hash);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Argon2Hash that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return "Argon2";
    }
}
