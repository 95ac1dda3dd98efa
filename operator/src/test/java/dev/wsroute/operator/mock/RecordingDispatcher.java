// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.mock;

import io.fabric8.mockwebserver.ServerRequest;
import io.fabric8.mockwebserver.ServerResponse;
import io.fabric8.mockwebserver.http.Dispatcher;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.fabric8.mockwebserver.http.Response;
import io.fabric8.mockwebserver.http.WebSocket;
import io.fabric8.mockwebserver.http.WebSocketListener;
import io.fabric8.mockwebserver.internal.MockDispatcher;
import io.fabric8.mockwebserver.internal.SimpleRequest;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Answers from the expectations or, if none matches, from the stored objects. Records requests and open watches. */
final class RecordingDispatcher extends Dispatcher {

    private final Map<ServerRequest, Queue<ServerResponse>> expectations;
    private final MockDispatcher expected;
    private final AppliedObjects objects = new AppliedObjects();
    private final List<RecordedRequest> requests = new CopyOnWriteArrayList<>();
    private final List<Following> watches = new CopyOnWriteArrayList<>();

    RecordingDispatcher(Map<ServerRequest, Queue<ServerResponse>> expectations) {
        this.expectations = expectations;
        this.expected = new MockDispatcher(expectations);
    }

    AppliedObjects objects() {
        return objects;
    }

    @Override
    public MockResponse dispatch(RecordedRequest request) {
        requests.add(request);
        Queue<ServerResponse> answers = expectations.get(new SimpleRequest(request.method(), request.getPath()));
        MockResponse response =
                answers == null || answers.isEmpty() ? objects.dispatch(request) : expected.dispatch(request);
        WebSocketListener listener = response.getWebSocketListener();
        if (listener != null) {
            Following following = new Following(plural(request), listener);
            watches.add(following);
            response.withWebSocketUpgrade(following);
        }
        return response;
    }

    List<String> writes() {
        return requests.stream()
                .filter(request -> !request.getMethod().equals("GET"))
                .map(request -> request.getMethod() + " " + path(request))
                .toList();
    }

    long lists(String plural) {
        return requests.stream()
                .filter(request ->
                        request.getMethod().equals("GET") && plural(request).equals(plural))
                .filter(request -> !request.getPath().contains("watch=true"))
                .count();
    }

    List<OpenWatch> watches(String plural) {
        return watches.stream()
                .filter(watch -> watch.plural.equals(plural))
                .map(watch -> watch.socket)
                .filter(socket -> socket != null)
                .map(OpenWatch::new)
                .toList();
    }

    private static String path(RecordedRequest request) {
        return request.getPath().replaceFirst("\\?.*", "");
    }

    private static String plural(RecordedRequest request) {
        String path = path(request);
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** Forwards everything, and keeps the socket while it is open. */
    private final class Following extends WebSocketListener {

        private final String plural;
        private final WebSocketListener follower;
        private volatile @Nullable WebSocket socket;

        Following(String plural, WebSocketListener follower) {
            this.plural = plural;
            this.follower = follower;
        }

        @Override
        public void onBeforeAccept(WebSocket webSocket, Response response) {
            follower.onBeforeAccept(webSocket, response);
        }

        @Override
        public void onOpen(WebSocket webSocket, Response response) {
            follower.onOpen(webSocket, response);
            socket = webSocket;
        }

        @Override
        public void onMessage(WebSocket webSocket, String text) {
            follower.onMessage(webSocket, text);
        }

        @Override
        public void onClosing(WebSocket webSocket, int code, String reason) {
            watches.remove(this);
            follower.onClosing(webSocket, code, reason);
        }

        @Override
        public void onClosed(WebSocket webSocket, int code, String reason) {
            watches.remove(this);
            follower.onClosed(webSocket, code, reason);
        }

        @Override
        public void onFailure(WebSocket webSocket, Throwable error, Response response) {
            watches.remove(this);
            follower.onFailure(webSocket, error, response);
        }
    }
}
