// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.authz;

import java.util.Locale;

/** Why the service did not decide about a request. */
enum ServiceFailure {
    NO_ENDPOINT("The authorization service has no endpoint.", true, Blame.NOBODY),
    UNREACHABLE("The authorization service could not be reached.", true, Blame.SERVICE),
    TOO_SLOW("The authorization service took too long.", true, Blame.SERVICE_OR_CLIENT),
    BROKEN("The authorization service broke the connection or HTTP.", true, Blame.SERVICE_OR_CLIENT),
    SERVER_ERROR("The authorization service answered with 5xx.", true, Blame.SERVICE_OR_CLIENT),
    /** It failed about a request that is larger than many services accept. */
    OVERSIZED("The authorization service failed, perhaps because the request is so large.", false, Blame.NOBODY),
    /** Such as 400 or 404. A client can provoke it, so it never lets a request pass and says nothing about the service. */
    UNEXPECTED_STATUS("The authorization service answered with an unexpected status.", false, Blame.CLIENT),
    BREAKER("The authorization service has failed too often.", true, Blame.NOBODY),
    /** Clients can provoke this, too, and the next. */
    TOO_MANY("Too many requests wait for the authorization service.", false, Blame.NOBODY),
    /** This proxy lacks memory or descriptors. */
    NO_RESOURCES("The proxy has no resources to ask the authorization service.", false, Blame.NOBODY);

    /** Who may have caused it, as the breaker sees it. */
    enum Blame {
        SERVICE,
        SERVICE_OR_CLIENT,
        CLIENT,
        /** Nothing has been found out about the service. */
        NOBODY
    }

    private final String label = name().toLowerCase(Locale.ROOT);
    private final String sentence;
    private final boolean passesOpen;
    private final Blame blame;

    ServiceFailure(String sentence, boolean passesOpen, Blame blame) {
        this.sentence = sentence;
        this.passesOpen = passesOpen;
        this.blame = blame;
    }

    /** The value of the metric label. */
    String label() {
        return label;
    }

    /** For the access log. */
    String sentence() {
        return sentence;
    }

    /** Whether {@code failOpen} lets the request pass. */
    boolean passesOpen() {
        return passesOpen;
    }

    Blame blame() {
        return blame;
    }
}
