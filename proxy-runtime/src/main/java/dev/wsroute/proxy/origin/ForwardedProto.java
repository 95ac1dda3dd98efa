package dev.wsroute.proxy.origin;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** X-Forwarded-Proto of a trusted peer. */
public final class ForwardedProto {

    private ForwardedProto() {}

    /** The protocol that the client spoke, as written; null when it is not said, or not in one sensible word. */
    public static @Nullable String of(HttpHeaders headers) {
        List<String> values = headers.getAll("x-forwarded-proto");
        if (values.size() != 1) {
            return null;
        }
        String value = values.get(0);
        return isSecure(value) || value.equalsIgnoreCase("http") || value.equalsIgnoreCase("ws") ? value : null;
    }

    static boolean isSecure(String proto) {
        return proto.equalsIgnoreCase("https") || proto.equalsIgnoreCase("wss");
    }
}
