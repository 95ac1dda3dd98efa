// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import dev.wsroute.e2e.scenario.ChaosClients.Client;
import java.util.function.Predicate;

/**
 * Something that goes wrong.
 *
 * @param name what is done, with the names of its victims
 * @param action begins it, and returns once it is done to the victims
 * @param touched which connections it may end; asked after the action
 * @param lasting whether that includes connections that are opened after the action, to a pod that is leaving
 */
record ChaosStep(String name, Runnable action, Predicate<Client> touched, boolean lasting) {

    static ChaosStep harmless(String name, Runnable action) {
        return new ChaosStep(name, action, client -> false, false);
    }

    static ChaosStep killing(String name, Predicate<Client> touched, Runnable action) {
        return new ChaosStep("kill " + name, action, touched, false);
    }

    static ChaosStep removing(String name, Predicate<Client> touched, Runnable action) {
        return new ChaosStep("remove " + name, action, touched, true);
    }
}
