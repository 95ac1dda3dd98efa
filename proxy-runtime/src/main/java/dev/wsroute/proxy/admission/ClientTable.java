package dev.wsroute.proxy.admission;

import dev.wsroute.proxy.admission.Places.Standing;
import dev.wsroute.proxy.request.ClientKey;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Who has how many connections. An entry lives as long as one of its client's connections does. For any thread. */
final class ClientTable {

    private final ConcurrentHashMap<ClientKey, Places> clients = new ConcurrentHashMap<>();

    Standing come(ClientKey client, int cap) {
        return within(client, places -> places.come(cap));
    }

    Standing again(ClientKey client, int cap) {
        return within(client, places -> places.again(cap));
    }

    Standing takeOne(ClientKey client, int cap) {
        return within(client, places -> places.takeOne(cap) ? Standing.IN : Standing.OUT);
    }

    void leave(ClientKey client, Standing standing) {
        within(client, places -> {
            places.leave(standing);
            return standing;
        });
    }

    int size() {
        return clients.size();
    }

    /** The entry is created before and removed after, if it is empty then, without anybody in between. */
    private Standing within(ClientKey client, Function<Places, Standing> step) {
        Standing[] result = {Standing.OUT};
        clients.compute(client, (key, known) -> {
            Places places = known == null ? new Places() : known;
            result[0] = step.apply(places);
            return places.isEmpty() ? null : places;
        });
        return result[0];
    }
}
