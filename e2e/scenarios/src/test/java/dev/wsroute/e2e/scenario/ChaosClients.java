// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.e2e.client.Fleet;
import dev.wsroute.e2e.client.Fleet.Member;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The clients of a route, each of which knows its proxy and its backend: the model that says which ones a step may touch. */
final class ChaosClients implements AutoCloseable {

    private final Space space;
    private final int count;
    private final Map<String, Fleet> fleets = new LinkedHashMap<>();
    /** What earlier steps may still end: pods that leave do so for some seconds. */
    private final List<Predicate<Client>> doomed = new ArrayList<>();

    /** @param count of clients, over all proxies */
    ChaosClients(Space space, int count) {
        this.space = space;
        this.count = count;
    }

    /**
     * One of the clients.
     *
     * @param proxy name of the pod
     */
    record Client(String proxy, Member member) {

        String backend() {
            return member.backend();
        }

        @Override
        public String toString() {
            return "client of " + backend() + " through " + proxy + ": "
                    + member.connection().closure();
        }
    }

    List<Client> all() {
        List<Client> clients = new ArrayList<>();
        fleets.forEach((proxy, fleet) -> fleet.members().forEach(member -> clients.add(new Client(proxy, member))));
        return clients;
    }

    /** Number of open connections through these proxies; those to a proxy that is leaving are none of them. */
    long openThrough(List<Pod> proxies) {
        List<String> names =
                proxies.stream().map(pod -> pod.getMetadata().getName()).toList();
        return all().stream()
                .filter(client ->
                        names.contains(client.proxy()) && client.member().isOpen())
                .count();
    }

    /**
     * No other connection has ended than those that this step or an earlier one may touch.
     *
     * @param touched whether the step may end this client's connection
     */
    void assertOthersAreOpen(String step, Predicate<Client> touched) {
        assertThat(all())
                .filteredOn(client -> !touched.test(client) && doomed.stream().noneMatch(may -> may.test(client)))
                .as("clients that '%s' does not concern", step)
                .allMatch(client -> client.member().isOpen());
    }

    /** The step may still end those connections that it touches now, and those to pods that leave because of it. */
    void remember(ChaosStep step) {
        Set<Member> now = Collections.newSetFromMap(new IdentityHashMap<>());
        all().stream().filter(step.touched()).forEach(client -> now.add(client.member()));
        doomed.add(client -> now.contains(client.member()));
        if (step.lasting()) {
            doomed.add(step.touched());
        }
    }

    /** Each open connection still carries messages, but for those that earlier steps end at this moment. */
    void assertTheyTalk(String step) {
        List<Client> open =
                all().stream().filter(client -> client.member().isOpen()).toList();
        var answers = open.stream()
                .map(client -> client.member().connection().ask(step))
                .toList();
        for (int i = 0; i < open.size(); i++) {
            Client client = open.get(i);
            try {
                assertThat(answers.get(i).orTimeout(1, TimeUnit.MINUTES).join())
                        .as(client.toString())
                        .isEqualTo(step);
            } catch (CompletionException e) {
                if (client.member().isOpen()) {
                    throw e;
                }
            }
        }
        assertOthersAreOpen(step, client -> false);
    }

    /** Connects again as many as have ended, evenly through the given proxies. */
    void replenish(List<Pod> proxies) {
        List<String> names =
                proxies.stream().map(pod -> pod.getMetadata().getName()).toList();
        fleets.keySet().removeIf(proxy -> {
            boolean gone = !names.contains(proxy)
                    && fleets.get(proxy).members().stream().noneMatch(Member::isOpen);
            if (gone) {
                fleets.get(proxy).close();
            }
            return gone;
        });
        for (Pod proxy : proxies) {
            Fleet fleet =
                    fleets.computeIfAbsent(proxy.getMetadata().getName(), name -> space.fleet(Route.uriOf(proxy)));
            await("clients of " + proxy.getMetadata().getName())
                    .ignoreExceptionsInstanceOf(CompletionException.class)
                    .until(() -> {
                        fleet.reconnect();
                        fleet.grow(Math.max(
                                0, count / proxies.size() - fleet.members().size()));
                        return true;
                    });
        }
    }

    @Override
    public void close() {
        fleets.values().forEach(Fleet::close);
    }
}
