// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Measures handshakes that are checked, each check through each proxy that has it. All of these proxies run at the same time, so
 * that a round compares checks, too.
 */
record Access(
        Plan plan,
        ProxyStarter starter,
        LoadGenerator load,
        WarmUp warmUp,
        Results results,
        PrintWriter progress,
        AccessWork work) {

    private record Guarded(LoadScenario check, RunningProxy proxy) {}

    void measure() throws IOException, InterruptedException {
        List<Guarded> running = new ArrayList<>();
        try {
            for (LoadScenario check : plan.accessChecks()) {
                for (Contender contender : plan.contenders()) {
                    Optional<Contender> guarded = contender.guarded(check, work);
                    if (guarded.isPresent()) {
                        RunningProxy proxy = starter.start(guarded.get());
                        running.add(new Guarded(check, proxy));
                        refusesStrangers(check, proxy);
                        warmUp.before(check, proxy, flags(check));
                    }
                }
            }
            for (int round = 1; round <= plan.rounds(); round++) {
                tell("access, round %d of %d", round, plan.rounds());
                for (Guarded each : running) {
                    measure(each);
                }
                Collections.reverse(running);
            }
        } finally {
            running.forEach(each -> each.proxy().close());
        }
    }

    private void measure(Guarded guarded) throws IOException, InterruptedException {
        try {
            results.add(
                    guarded.check(),
                    guarded.proxy().label(),
                    load.through(guarded.proxy(), flags(guarded.check()), plan.warmUp(), plan.measured()));
        } catch (LoadFailedException e) {
            tell("FAILED, without figures: %s: %s", guarded.check().label(), e.sentence());
        }
    }

    /** Shows that it checks at all: figures of a proxy that lets everybody pass would mean nothing. */
    private static void refusesStrangers(LoadScenario check, RunningProxy proxy) throws IOException {
        if (check == LoadScenario.ACCESS_NONE) {
            return;
        }
        String answer = Stranger.answerAt(proxy.port());
        if (!answer.startsWith("HTTP/1.1 401 ") && !answer.startsWith("HTTP/1.1 403 ")) {
            throw new IllegalStateException(
                    check.label() + ": " + proxy.label() + " answers a handshake that it must refuse: " + answer);
        }
    }

    private List<String> flags(LoadScenario check) {
        List<String> flags = plan.flags(check);
        flags.addAll(work.flags(check));
        return flags;
    }

    private void tell(String format, Object... values) {
        progress.printf(Locale.ROOT, format + "%n", values);
        progress.flush();
    }
}
