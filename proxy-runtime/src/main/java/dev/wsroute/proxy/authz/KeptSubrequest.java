// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.authz;

import dev.wsroute.proxy.http.headers.HeaderRules;
import dev.wsroute.proxy.routing.RequestFacts;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetAddress;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A subrequest that is kept as long as a WebSocket is open: its headers as one text, with a byte for each character.
 *
 * @param lines name, colon and value
 */
record KeptSubrequest(String lines, String host, Fingerprint key, Client client) {

    private static final int OBJECTS = 240;

    /** What chooses an endpoint of the service and counts its failures. */
    record Client(String host, InetAddress clientAddress, boolean secure) implements RequestFacts {

        @Override
        public String path() {
            return "/";
        }

        @Override
        public List<String> headerValues(String name) {
            return List.of();
        }

        @Override
        public @Nullable String queryParam(String name) {
            return null;
        }

        @Override
        public @Nullable String cookie(String name) {
            return null;
        }
    }

    static KeptSubrequest of(Subrequest subrequest) {
        StringBuilder lines = new StringBuilder();
        Iterator<Map.Entry<CharSequence, CharSequence>> all =
                subrequest.headers().iteratorCharSequence();
        while (all.hasNext()) {
            Map.Entry<CharSequence, CharSequence> header = all.next();
            lines.append(header.getKey()).append(':').append(header.getValue()).append('\n');
        }
        RequestFacts client = subrequest.client();
        return new KeptSubrequest(
                lines.toString(),
                subrequest.host(),
                subrequest.key(),
                new Client(client.host(), client.clientAddress(), client.secure()));
    }

    Subrequest restored() {
        HttpHeaders headers = HeaderRules.newHeaders();
        int start = 0;
        for (int end = lines.indexOf('\n'); end >= 0; end = lines.indexOf('\n', start)) {
            int colon = lines.indexOf(':', start);
            headers.add(lines.substring(start, colon), lines.substring(colon + 1, end));
            start = end + 1;
        }
        return new Subrequest(headers, host, key, client);
    }

    /** Approximate heap usage. */
    int bytes() {
        return OBJECTS + lines.length() + host.length();
    }
}
