// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.admin;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * Controls access to the pages that show clients, endpoints and the configuration. Allowed are clients on the same
 * machine or in the same pod, such as {@code kubectl port-forward}, and clients that send the token. A request
 * forwarded by a proxy does not count as local, since it may come from anywhere, even through this proxy.
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
                    "this page is only available from 127.0.0.1, for example by kubectl port-forward; use"
                            + " --admin-token-file to allow other clients");
        }
        return isGiven(expected, requester.authorization())
                ? null
                : Answer.text(401, "this page is only available from 127.0.0.1, or with the admin token");
    }

    /** Only 127.0.0.1, since sidecars forward remote connections from other addresses of 127.0.0.0/8. */
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
