// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.trim;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.nio.ByteBuffer;
import java.util.List;

/** Trims lists of watched kinds as they arrive. */
public final class TrimmingInterceptor implements Interceptor {

    private final ObjectTrimmer trimmer = new ObjectTrimmer();

    @Override
    public AsyncBody.Consumer<List<ByteBuffer>> consumer(
            AsyncBody.Consumer<List<ByteBuffer>> consumer, HttpRequest request) {
        String path = request.uri().getPath();
        boolean lists = "GET".equals(request.method()) && !isWatch(request);
        return WatchedKind.ofPlural(path.substring(path.lastIndexOf('/') + 1))
                .filter(kind -> lists)
                .map(kind -> trimmed(kind, consumer))
                .orElse(consumer);
    }

    static boolean isWatch(HttpRequest request) {
        String query = request.uri().getQuery();
        return query != null && query.contains("watch=true");
    }

    private AsyncBody.Consumer<List<ByteBuffer>> trimmed(
            WatchedKind kind, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
        ListSplitter splitter = new ListSplitter(trimmer.ofPage(kind));
        return (chunks, body) -> consumer.consume(List.of(splitter.feed(chunks)), body);
    }
}
