package dev.wsroute.proxy.http;

import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;

/** Knows that a response to HEAD has no body, whatever its headers say. */
final class ResponseEncoder extends HttpResponseEncoder {

    private boolean toHead;

    /** Tells what the next response answers. */
    void answering(boolean head) {
        toHead = head;
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpResponse response) {
        return toHead || super.isContentAlwaysEmpty(response);
    }
}
