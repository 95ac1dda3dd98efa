// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.dev;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Applies manifests as {@code kubectl apply --server-side} does, and deletes what it created. */
public final class Manifests {

    private static final PatchContext STRICT_APPLY = new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager("wsroute-dev")
            .withForce(true)
            .withFieldValidation("Strict")
            .build();

    private final KubernetesClient client;
    private final List<HasMetadata> created = new ArrayList<>();

    public Manifests(KubernetesClient client) {
        this.client = client;
    }

    /** The documents of a YAML file, exactly as they are written. */
    public static List<GenericKubernetesResource> read(Path file) throws IOException {
        return parse(Files.readString(file));
    }

    /** The documents of a YAML resource, exactly as they are written. */
    static List<GenericKubernetesResource> read(URL resource) throws IOException {
        try (InputStream in = resource.openStream()) {
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    /** The documents of a YAML text, exactly as they are written. */
    public static List<GenericKubernetesResource> parse(String yaml) throws IOException {
        List<GenericKubernetesResource> objects = new ArrayList<>();
        YAMLMapper mapper = new YAMLMapper();
        try (MappingIterator<JsonNode> documents =
                mapper.readerFor(JsonNode.class).readValues(yaml)) {
            while (documents.hasNext()) {
                JsonNode document = documents.next();
                if (!document.isEmpty()) {
                    objects.add(Serialization.unmarshal(document.toString(), GenericKubernetesResource.class));
                }
            }
        }
        return objects;
    }

    /**
     * Applies every document of a file in order. Unknown fields are refused.
     *
     * @throws io.fabric8.kubernetes.client.KubernetesClientException with the API's message if one is refused
     */
    public List<GenericKubernetesResource> apply(Path file) throws IOException {
        List<GenericKubernetesResource> objects = read(file);
        objects.forEach(this::apply);
        return objects;
    }

    /** Applies one object. Unknown fields are refused. */
    public void apply(HasMetadata object) {
        var resource = client.resource(object);
        if (resource.get() == null) {
            created.add(object);
        }
        resource.patch(STRICT_APPLY, Serialization.asJson(object));
    }

    /** Deletes what {@link #apply} created, newest first. */
    public void deleteCreated() {
        List<HasMetadata> newestFirst = new ArrayList<>(created);
        Collections.reverse(newestFirst);
        newestFirst.forEach(object -> client.resource(object).delete());
        created.clear();
    }
}
