package dev.wsroute.operator.compile;

/** Name and data key of the Secret with the key of session cookies. */
public final class SessionKeySecret {

    /** The key of the Secret's data. */
    public static final String DATA_KEY = "key";

    private SessionKeySecret() {}

    /** The Secret of {@code route}, in its namespace. */
    public static String secret(String route) {
        return route + "-proxy-session-key";
    }
}
