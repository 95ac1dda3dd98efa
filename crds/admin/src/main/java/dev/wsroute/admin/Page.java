package dev.wsroute.admin;

import org.jspecify.annotations.Nullable;

/** What is worked out on a thread of its own whenever somebody asks for it. */
@FunctionalInterface
public interface Page {

    /**
     * May block for a few seconds; the page's other readers wait meanwhile.
     *
     * @param query as received; null without one
     */
    Answer answer(@Nullable String query);
}
