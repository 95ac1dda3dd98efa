// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.logging;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import org.jspecify.annotations.Nullable;

/** Makes JSON printable ASCII, so that any text is one line on every terminal. */
public final class AsciiEscapes extends CharacterEscapes {

    private static final long serialVersionUID = 1;
    private static final int DELETE = 0x7f;

    private static final int[] ESCAPES = standardAsciiEscapesForJSON();

    static {
        // The only control character that JSON does not escape.
        ESCAPES[DELETE] = ESCAPE_STANDARD;
    }

    /** Applies this to the generators of {@code factory}. */
    public static JsonFactory on(JsonFactory factory) {
        return factory.configure(JsonWriteFeature.ESCAPE_NON_ASCII.mappedFeature(), true)
                .setCharacterEscapes(new AsciiEscapes());
    }

    private AsciiEscapes() {}

    @Override
    public int[] getEscapeCodesForAscii() {
        return ESCAPES.clone();
    }

    @Override
    public @Nullable SerializableString getEscapeSequence(int c) {
        return null;
    }
}
