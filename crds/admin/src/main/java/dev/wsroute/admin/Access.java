package dev.wsroute.admin;

import org.jspecify.annotations.Nullable;

/** Who may see a page. */
@FunctionalInterface
public interface Access {

    /** Everybody. */
    Access OPEN = asker -> null;

    /**
     * Called on the server's event loop, so it must not block.
     *
     * @return the answer instead of the page; null: the page may be seen
     */
    @Nullable Answer refusal(Asker asker);
}
