// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.dev;

import dev.wsroute.e2e.client.Fleet.Member;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * A step of the demonstration.
 *
 * @param name describes it
 * @param action performs it
 * @param done whether it has taken effect
 * @param concerned the clients whose connections it should close; evaluated at its end
 * @param code the expected close code; 0 if it should close none
 */
record DemoStep(String name, Runnable action, BooleanSupplier done, Predicate<Member> concerned, int code) {

    /** A step that should close no connection. */
    static DemoStep unnoticed(String name, Runnable action, BooleanSupplier done) {
        return new DemoStep(name, action, done, member -> false, 0);
    }
}
