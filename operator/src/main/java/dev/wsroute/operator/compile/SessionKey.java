package dev.wsroute.operator.compile;

/** Where the proxies of a route find the key of their session cookies. */
public final class SessionKey {

    /** The key of the Secret's data. */
    public static final String DATA_KEY = "key";

    private SessionKey() {}

    /** The Secret of {@code route}, in its namespace. */
    public static String secret(String route) {
        return route + "-proxy-session-key";
    }
}
