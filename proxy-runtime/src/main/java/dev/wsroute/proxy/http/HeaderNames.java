package dev.wsroute.proxy.http;

import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/** Names of headers. One is found in whatever case it comes (RFC 9110 §5.1), and no copy of it is made for that. */
final class HeaderNames {

    /** By hash, each in the first free place from there on; more than half are free, so every search ends. */
    private final @Nullable AsciiString[] places;

    private HeaderNames(@Nullable AsciiString[] places) {
        this.places = places;
    }

    static HeaderNames of(String... names) {
        HeaderNames result = new HeaderNames(new AsciiString[Integer.highestOneBit(names.length) * 4]);
        for (String name : names) {
            result.places[result.placeOf(name)] = AsciiString.of(name);
        }
        return result;
    }

    boolean contains(CharSequence name) {
        return places[placeOf(name)] != null;
    }

    /** Where it is, or would be. */
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
