package dev.wsroute.proxy;

/** How log lines are spelled; the constants are the words of the flag. */
enum LogFormat {
    text,
    json
}
