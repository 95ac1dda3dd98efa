// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.trim;

import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;

/**
 * Asks for the metadata alone when Secrets are listed or watched, so that no content of theirs reaches this process
 * (Kubernetes, "Metadata-only fetches"). A Secret that is read by name comes whole.
 */
public final class MetadataOnly implements Interceptor {

    /** The kind of objects of which the API sends the metadata. */
    static final String KIND = "PartialObjectMetadata";

    private static final String FORM = ";g=meta.k8s.io;v=v1";

    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
        if (request.uri().getPath().endsWith("/secrets") && "GET".equals(request.method())) {
            builder.setHeader(
                    "Accept",
                    "application/json;as=" + KIND + (TrimmingInterceptor.isWatch(request) ? "" : "List") + FORM);
        }
    }
}
