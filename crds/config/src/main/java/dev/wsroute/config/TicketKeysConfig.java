// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/**
 * Source of the keys of TLS session tickets; a client resumes its session on any proxy that shares them. Exactly one of the two is
 * set. Both hold the same text: one key a line, 32 random bytes in base64, the oldest first. The last line but one encrypts; all
 * decrypt; the last one waits for its turn.
 *
 * @param secret read through the Kubernetes API; the text is under {@value #DATA_KEY}
 * @param file read from the file system
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TicketKeysConfig(
        @JsonPropertyDescription(
                "A Secret with the keys under ticket.keys, read through the Kubernetes API. Set either this or file.")
        @Nullable ObjectRef secret,

        @JsonPropertyDescription(
                "Path of a file with one key a line, 32 random bytes in base64, the oldest first. The last line but one "
                        + "encrypts new tickets, all decrypt. Set either this or secret.")
        @NotBlank @Nullable String file) {

    /** The key of the text in the Secret's data. */
    public static final String DATA_KEY = "ticket.keys";

    /** The Secret {@code namespace/name}. */
    public static TicketKeysConfig ofSecret(String namespace, String name) {
        return new TicketKeysConfig(new ObjectRef(namespace, name), null);
    }

    /** A file. */
    public static TicketKeysConfig ofFile(String file) {
        return new TicketKeysConfig(null, file);
    }

    /** Such as {@code Secret apps/chat-proxy-ticket-keys} or {@code /etc/wsroute/ticket.keys}; in reports, logs and sentences. */
    public String label() {
        return secret != null ? "Secret " + secret : String.valueOf(file);
    }
}
