// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.controllers;

/** A control loop. It listens from its construction on, and works from {@link #start()} on. */
interface Controller extends AutoCloseable {

    /** Called once the views contain the first list of every kind. */
    default void start() {}

    @Override
    void close();
}
