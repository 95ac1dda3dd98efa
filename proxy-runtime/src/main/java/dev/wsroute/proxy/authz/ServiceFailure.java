// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.authz;

import java.util.Locale;

/** Why the service did not decide about a request. */
enum ServiceFailure {
    NO_ENDPOINT("The authorization service has no endpoint.", true, false),
    UNREACHABLE("The authorization service could not be reached.", true, true),
    TOO_SLOW("The authorization service took too long.", true, true),
    BROKEN("The authorization service broke the connection or HTTP.", true, true),
    SERVER_ERROR("The authorization service answered with 5xx.", true, true),
    /** Such as 400 or 404. A client can provoke it, so it never lets a request pass and says nothing about the service. */
    UNEXPECTED_STATUS("The authorization service answered with an unexpected status.", false, false),
    BREAKER("The authorization service has failed too often.", true, false),
    /** Clients can provoke this, too, and the next. */
    TOO_MANY("Too many requests wait for the authorization service.", false, false),
    /** This proxy lacks memory or descriptors. */
    NO_RESOURCES("The proxy has no resources to ask the authorization service.", false, false);

    private final String label = name().toLowerCase(Locale.ROOT);
    private final String sentence;
    private final boolean passesOpen;
    private final boolean ofService;

    ServiceFailure(String sentence, boolean passesOpen, boolean ofService) {
        this.sentence = sentence;
        this.passesOpen = passesOpen;
        this.ofService = ofService;
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

    /** Whether it counts for the breaker. */
    boolean isOfService() {
        return ofService;
    }
}
