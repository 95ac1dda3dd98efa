package dev.wsroute.proxy.admin;

import dev.wsroute.admin.Access;
import dev.wsroute.admin.Answer;
import dev.wsroute.admin.Requester;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * Decides who may see the pages that name clients, endpoints and the configuration: clients on the same machine or in
 * the same pod, such as {@code kubectl port-forward}, and clients that send the token. A request forwarded by a proxy
 * does not count as local, since it may come from anywhere, even through this proxy.
 */
public final class DetailAccess implements Access {

    private static final String SCHEME = "Bearer ";

    private final AdminToken token;

    public DetailAccess(AdminToken token) {
        this.token = token;
    }

    @Override
    public @Nullable Answer refusal(Requester requester) {
        if (!requester.relayed() && isLocal(requester.address())) {
            return null;
        }
        String expected = token.current();
        if (expected == null) {
            return Answer.text(
                    403,
                    "this page is for 127.0.0.1, as with kubectl port-forward; --admin-token-file opens it to others");
        }
        return isGiven(expected, requester.authorization())
                ? null
                : Answer.text(401, "this page is for 127.0.0.1, and for those who know the token");
    }

    /** No other address of 127.0.0.0/8: sidecars forward remote connections from those. */
    private static boolean isLocal(InetAddress address) {
        String text = address.getHostAddress();
        return text.equals("127.0.0.1") || text.equals("0:0:0:0:0:0:0:1");
    }

    private static boolean isGiven(String expected, @Nullable String authorization) {
        return authorization != null
                && authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                && MessageDigest.isEqual(
                        expected.getBytes(StandardCharsets.UTF_8),
                        authorization.substring(SCHEME.length()).trim().getBytes(StandardCharsets.ISO_8859_1));
    }
}
