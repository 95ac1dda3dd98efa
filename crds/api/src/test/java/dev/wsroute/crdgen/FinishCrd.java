// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.crdgen;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The build step: completes the generated CRDs, puts them on the class path, and compares them with the committed files.
 *
 * <p>Arguments: the mode of {@link CommittedFiles}, the folders of the generated and of the completed files, that of the overlays
 * and of the {@link AllowedRules}, that of the reference pages, the JSON Schema of the proxy's document, and the folders with
 * committed CRDs.
 */
public final class FinishCrd {

    private static final String ROUTES = "websocketroutes.wsroute.dev";
    private static final String POLICIES = "websocketpolicies.wsroute.dev";

    private static final ObjectMapper JSON = new ObjectMapper();

    private FinishCrd() {}

    /**
     * @throws IllegalStateException if a committed file differs from the generated one, or would be replaced by an
     *     incompatible one
     */
    public static void main(String[] args) throws IOException {
        CommittedFiles files = new CommittedFiles(args[0]);
        Path generated = Path.of(args[1]);
        Path finished = Path.of(args[2]);
        Path settings = Path.of(args[3]);
        Path pages = Path.of(args[4]);
        Path[] committed = Arrays.stream(args).skip(6).map(Path::of).toArray(Path[]::new);
        AllowedRules rules = AllowedRules.read(settings.resolve("crd-allowed-rules.yaml"));

        ObjectNode routes = CrdFinisher.ofRoutes(overlay(settings, "crd-overlay.yaml"))
                .finish(CommittedFiles.read(generated.resolve(ROUTES + "-v1.yml")));
        files.crd(routes, finished.resolve(ROUTES + "-v1.yml"), rules, ROUTES + ".yaml", committed);
        files.text(pages.resolve("reference.md"), ReferencePage.of(routes));
        files.text(
                Path.of(args[5]),
                JSON.writerWithDefaultPrettyPrinter()
                                .writeValueAsString(DocumentSchema.of(CommittedFiles.schema(routes)))
                        + "\n");

        ObjectNode policies = CrdFinisher.ofPolicies(overlay(settings, "crd-overlay-policies.yaml"), routes)
                .finish(CommittedFiles.read(generated.resolve(POLICIES + "-v1.yml")));
        files.crd(policies, finished.resolve(POLICIES + "-v1.yml"), rules, POLICIES + ".yaml", committed);
        files.text(pages.resolve("reference-policies.md"), ReferencePage.ofPolicies(policies));
    }

    private static SchemaOverlay overlay(Path settings, String name) throws IOException {
        return new SchemaOverlay(CommittedFiles.read(settings.resolve(name)));
    }
}
