// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.admin;

/**
 * The response to a request.
 *
 * @param status HTTP status
 * @param contentType media type
 */
public record Answer(int status, String contentType, String body) {

    /** One line of plain text. */
    public static Answer text(int status, String line) {
        return new Answer(status, "text/plain; charset=utf-8", line + "\n");
    }

    /** Prometheus's text format. */
    public static Answer metrics(String scrape) {
        return new Answer(200, "text/plain; version=0.0.4; charset=utf-8", scrape);
    }
}
