// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.discovery;

/** Why a known endpoint may be missing from a newly published set. */
public enum Absence {
    /** The document was edited: drain the endpoint. */
    FINAL,
    /**
     * A watch reported it: drain the endpoint if it is still missing after the debounce, unless all others are missing
     * too.
     */
    TO_CONFIRM,
    /**
     * A re-list after lost events, or a source that gives no reasons (DNS): keep the connections as long as they live.
     */
    UNKNOWN
}
