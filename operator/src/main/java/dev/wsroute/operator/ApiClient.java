// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator;

import dev.wsroute.operator.trim.MetadataOnly;
import dev.wsroute.operator.trim.TrimmingInterceptor;
import dev.wsroute.operator.trim.TrimmingSerialization;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.Interceptor;

/** Creates the operator's only API client. Lists and watch events are trimmed as they arrive. */
final class ApiClient {

    private ApiClient() {}

    /** @param counting is called for each request */
    static KubernetesClient of(Config config, Interceptor counting) {
        return new KubernetesClientBuilder()
                .withConfig(config)
                .withKubernetesSerialization(new TrimmingSerialization())
                .withHttpClientBuilderConsumer(http -> http.addOrReplaceInterceptor("metrics", counting)
                        .addOrReplaceInterceptor("metadata", new MetadataOnly())
                        .addOrReplaceInterceptor("trim", new TrimmingInterceptor()))
                .build();
    }
}
