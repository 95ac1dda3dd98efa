package dev.wsroute.proxy.session;

/**
 * What a valid session cookie says.
 *
 * @param token of the endpoint
 * @param issued seconds since 1970, by the clock of the proxy that issued it
 */
public record Pin(Token token, long issued) {

    /** An endpoint as cookies name it: 128 bits that only holders of the key can tell from chance. */
    public record Token(long high, long low) {}
}
