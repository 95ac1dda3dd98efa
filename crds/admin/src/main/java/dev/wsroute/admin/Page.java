package dev.wsroute.admin;

import org.jspecify.annotations.Nullable;

/** A page that is made on a thread of its own for each request. */
@FunctionalInterface
public interface Page {

    /**
     * May block for a few seconds; the page's other readers wait meanwhile.
     *
     * @param query as received; null without one
     */
    Answer answer(@Nullable String query);
}
