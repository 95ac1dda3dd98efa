package dev.wsroute.logging;

/** How log lines are spelled; the constants are the words of the flag. */
public enum LogFormat {
    text,
    json
}
