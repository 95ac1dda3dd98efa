// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.logging;

/** Format of log lines. The constants are the values of the flag. */
public enum LogFormat {
    text,
    json
}
