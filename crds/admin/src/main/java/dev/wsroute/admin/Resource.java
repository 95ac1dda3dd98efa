package dev.wsroute.admin;

import java.util.function.Supplier;

/** The answer at a path. */
sealed interface Resource {

    /** @param answer at hand, so it is given on the event loop */
    record Probe(Supplier<Answer> answer) implements Resource {}

    /** @param thread makes it */
    record Made(PageThread thread, Access access) implements Resource {}
}
