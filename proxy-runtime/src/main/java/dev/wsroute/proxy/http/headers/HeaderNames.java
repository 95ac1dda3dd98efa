// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.headers;

import io.netty.util.AsciiString;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A set of header names. Look-ups ignore case (RFC 9110 §5.1) without copying the name. */
public final class HeaderNames {

    /** A hash table with linear probing. More than half of the slots are free, so every search ends. */
    private final @Nullable AsciiString[] places;

    private HeaderNames(@Nullable AsciiString[] places) {
        this.places = places;
    }

    static HeaderNames of(String... names) {
        return of(List.of(names));
    }

    static HeaderNames of(Collection<String> names) {
        HeaderNames result = new HeaderNames(new AsciiString[Integer.highestOneBit(names.size()) * 4]);
        for (String name : names) {
            result.places[result.placeOf(name)] = AsciiString.of(name);
        }
        return result;
    }

    boolean contains(CharSequence name) {
        return places[placeOf(name)] != null;
    }

    /**
     * The name as seen by backends that distinguish only letters and digits: CGI and its successors map {@code
     * X-Real-IP}, {@code X_Real.IP} and the like to one variable (RFC 3875 §4.1.18).
     *
     * @return lower case, with {@code -} for each character that is not a letter or digit
     */
    public static String folded(CharSequence name) {
        StringBuilder folded = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = AsciiString.toLowerCase(name.charAt(i));
            folded.append(isLetterOrDigit(c) ? c : '-');
        }
        return folded.toString();
    }

    /**
     * Whether a name has characters other than letters, digits and {@code -}, so that a backend may confuse it with
     * another name.
     */
    static boolean isOdd(CharSequence name) {
        for (int i = 0; i < name.length(); i++) {
            char c = AsciiString.toLowerCase(name.charAt(i));
            if (!isLetterOrDigit(c) && c != '-') {
                return true;
            }
        }
        return false;
    }

    private static boolean isLetterOrDigit(char lowerCase) {
        return (lowerCase >= 'a' && lowerCase <= 'z') || (lowerCase >= '0' && lowerCase <= '9');
    }

    /** The slot of a name, or a free one. */
    private int placeOf(CharSequence name) {
        int place = AsciiString.hashCode(name) & places.length - 1;
        while (true) {
            AsciiString there = places[place];
            if (there == null || there.contentEqualsIgnoreCase(name)) {
                return place;
            }
            place = place + 1 & places.length - 1;
        }
    }
}
