// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.controllers;

/** A control loop: it begins to listen when it is made, and works from {@link #start()} on. */
interface Controller extends AutoCloseable {

    /** Called once the views hold the first list of every kind. */
    default void start() {}

    @Override
    void close();
}
