// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.cache;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretList;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;

/**
 * Mappers for Kubernetes objects. By default Jackson keeps a table of all field names that it has read, and copies it when it
 * grows. Managed fields have names that are unique per object, such as {@code k:{"uid":"…"}}, so with thousands of objects
 * the table caused most allocations. These mappers have no such table.
 */
public final class ObjectMappers {

    /** An empty list of metadata has null for its items, as the API server writes it. */
    private interface WithoutNull {

        @JsonSetter(value = "items", nulls = Nulls.AS_EMPTY)
        void setItems(List<Secret> items);
    }

    private ObjectMappers() {}

    /** A mapper that is configured like the client's own. */
    public static ObjectMapper create() {
        ObjectMapper mapper = withoutNames();
        var unused = new KubernetesSerialization(mapper, false);
        return mapper;
    }

    /** A mapper that a client configures. */
    public static ObjectMapper withoutNames() {
        return JsonMapper.builder(JsonFactory.builder()
                        .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                        .build())
                .addMixIn(SecretList.class, WithoutNull.class)
                .build();
    }
}
