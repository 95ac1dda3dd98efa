// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.dev;

import dev.wsroute.e2e.client.Fleet.Member;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * A step of the demonstration.
 *
 * @param name what is done
 * @param action does it
 * @param done whether it has had its effect
 * @param concerned whose connections it is to end; asked when it is over
 * @param code with which close code; 0 when it is to end none
 */
record DemoStep(String name, Runnable action, BooleanSupplier done, Predicate<Member> concerned, int code) {

    /** A step that is to end no connection. */
    static DemoStep unnoticed(String name, Runnable action, BooleanSupplier done) {
        return new DemoStep(name, action, done, member -> false, 0);
    }
}
