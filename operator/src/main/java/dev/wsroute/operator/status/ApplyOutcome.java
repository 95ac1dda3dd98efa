// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.status;

import java.util.List;

/** The result of writing the route's objects. */
public sealed interface ApplyOutcome {

    /** All objects are up to date. */
    record Applied() implements ApplyOutcome {}

    /** All but the configuration, which waits for the EndpointSlices of the pod selectors. */
    record Waiting() implements ApplyOutcome {}

    /** The route was rejected; its objects are unchanged. */
    record NotAttempted() implements ApplyOutcome {}

    /**
     * Objects of other owners have the names that the route needs; nothing was written.
     *
     * @param sentences one per object
     */
    record Conflicting(List<String> sentences) implements ApplyOutcome {

        public Conflicting {
            sentences = List.copyOf(sentences);
        }
    }

    /**
     * The API rejected an object.
     *
     * @param sentence with the object and the API's reason
     * @param permanent whether only an edit of the route can fix it
     */
    record Failed(String sentence, boolean permanent) implements ApplyOutcome {}
}
