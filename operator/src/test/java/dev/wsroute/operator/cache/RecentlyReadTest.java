// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An object of which only the metadata is known is read once for each of its versions. */
class RecentlyReadTest {

    private final List<String> reads = new ArrayList<>();
    private Secret inApi = secret("1", "one");
    private final RecentlyRead<Secret> recent = new RecentlyRead<>(partial -> {
        reads.add(partial.getMetadata().getResourceVersion());
        return inApi;
    });

    private static Secret secret(String version, String value) {
        return new SecretBuilder()
                .withNewMetadata()
                .withUid("u")
                .withResourceVersion(version)
                .endMetadata()
                .addToData("key", value)
                .build();
    }

    private static Secret partial(String version) {
        return new SecretBuilder(secret(version, ""))
                .editMetadata()
                .addToAnnotations(PartialObject.ANNOTATION, "true")
                .endMetadata()
                .withData(null)
                .build();
    }

    @Test
    void itIsReadAgainOnceItHasChanged() {
        assertThat(recent.read(partial("1")).getData()).containsEntry("key", "one");
        assertThat(recent.read(partial("1")).getData()).containsEntry("key", "one");
        assertThat(reads).containsExactly("1");

        inApi = secret("2", "two");

        assertThat(recent.read(partial("2")).getData()).containsEntry("key", "two");
        assertThat(reads).containsExactly("1", "2");
    }

    @Test
    void oneThatIsGoneIsNotRemembered() {
        inApi = partial("1");
        assertThat(recent.read(partial("1"))).isEqualTo(inApi);
        inApi = secret("1", "back");

        assertThat(recent.read(partial("1")).getData()).containsEntry("key", "back");
    }
}
