// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

/** The state of a wire's output. */
enum WireOutput {
    OPEN,
    /** Ends once all queued bytes are sent. The peer may continue to send. */
    ENDING,
    /** Ends once all queued bytes are sent. The peer sends no more. */
    CLOSING,
    ENDED;

    boolean ends() {
        return this == ENDING || this == CLOSING;
    }
}
