// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.admin;

import org.jspecify.annotations.Nullable;

/** A page that is rendered for each request, on a thread of its own. */
@FunctionalInterface
public interface Page {

    /**
     * May block for a few seconds, while other readers of the page wait.
     *
     * @param query as received; null if there is none
     */
    Answer answer(@Nullable String query);
}
