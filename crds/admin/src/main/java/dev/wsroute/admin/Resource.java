// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.admin;

import java.util.function.Supplier;

/** What a path serves. */
sealed interface Resource {

    /** @param answer called on the event loop; must not block */
    record Probe(Supplier<Answer> answer) implements Resource {}

    /** @param thread renders the page */
    record Rendered(PageThread thread, Access access) implements Resource {}
}
