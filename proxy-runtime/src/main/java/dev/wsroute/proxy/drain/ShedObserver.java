// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.drain;

/** Observes the progress of shedding. Called from one thread; must not block or throw. */
public interface ShedObserver {

    /**
     * The number of connections waiting to be closed has changed.
     *
     * @param change positive when connections were queued; negative when they were closed or had closed already
     */
    void waiting(CloseReason reason, int change);

    /** A connection was asked to close. */
    void asked(CloseReason reason);

    /** Ignores all events. */
    ShedObserver NONE = new ShedObserver() {
        @Override
        public void waiting(CloseReason reason, int change) {}

        @Override
        public void asked(CloseReason reason) {}
    };
}
