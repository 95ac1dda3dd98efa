package dev.wsroute.operator.cache;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

/**
 * Mappers for Kubernetes objects. Jackson keeps a table of all field names that it ever read, and copies it whenever it
 * grows. Managed fields have a name of its own for each object, such as {@code k:{"uid":"…"}}: thousands of objects made
 * that table most of what was allocated. These mappers keep none.
 */
public final class ObjectMappers {

    private ObjectMappers() {}

    /** A mapper configured as the client has its own. */
    public static ObjectMapper create() {
        ObjectMapper mapper = withoutNames();
        var unused = new KubernetesSerialization(mapper, false);
        return mapper;
    }

    /** A mapper for what is given to a client. */
    public static ObjectMapper withoutNames() {
        return JsonMapper.builder(JsonFactory.builder()
                        .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                        .build())
                .build();
    }
}
