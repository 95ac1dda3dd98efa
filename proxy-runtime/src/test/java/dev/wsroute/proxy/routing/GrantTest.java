// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.NameValue;
import org.junit.jupiter.api.Test;

class GrantTest {

    /** Two headers of one name would leave it to the backend which one counts. */
    @Test
    void aLaterCheckReplacesTheHeaderOfAnEarlierOne() {
        Grant grant = new Grant();
        grant.requestHeader("Authorization", "Bearer of-the-client");
        grant.requestHeader("X-User", "ada");
        grant.requestHeader("authorization", "Bearer of-the-service");

        assertThat(grant.requestHeaders())
                .containsExactly(
                        new NameValue("X-User", "ada"), new NameValue("authorization", "Bearer of-the-service"));
    }

    /** As when a service cannot be asked, and the request passes without what it would have said. */
    @Test
    void aLaterCheckCanDropIt() {
        Grant grant = new Grant();
        grant.requestHeader("X-User", "ada");
        grant.requestHeader("X-User", null);

        assertThat(grant.requestHeaders()).isEmpty();
        assertThat(grant.removedHeaders()).contains("X-User");
    }

    @Test
    void removingWhatTheClientSentKeepsWhatAnEarlierCheckHasSet() {
        Grant grant = new Grant();
        grant.requestHeader("Authorization", "Bearer verified");
        grant.removeHeader("Authorization");

        assertThat(grant.requestHeaders()).containsExactly(new NameValue("Authorization", "Bearer verified"));
    }
}
