// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.admin;

import org.jspecify.annotations.Nullable;

/** Decides who may see a page. */
@FunctionalInterface
public interface Access {

    /** Everybody. */
    Access OPEN = requester -> null;

    /**
     * Called on the server's event loop, so it must not block.
     *
     * @return the response to send instead of the page; null if the requester may see the page
     */
    @Nullable Answer refusal(Requester requester);
}
