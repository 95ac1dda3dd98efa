// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.clients;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Chromium without a window. */
final class Browser {

    private Browser() {}

    /**
     * Opens a page.
     *
     * @param folder home of its user
     */
    static StartedProgram open(URI page, Path folder) throws IOException {
        String chromium = InstalledPrograms.onPath("chromium", "chromium-browser", "google-chrome")
                .toString();
        return new StartedProgram(
                Map.of("HOME", folder.toString()),
                List.of(
                        chromium,
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--no-proxy-server",
                        "--enable-logging=stderr",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + folder.resolve("profile"),
                        page.toString()));
    }

    /** What a page posts to {@code path}, or what the browser printed if that takes too long. */
    static JsonNode posted(TestBackend backend, String path, StartedProgram browser) throws Exception {
        ObjectMapper json = new ObjectMapper();
        String posted = backend.result(path)
                .orTimeout(1, TimeUnit.MINUTES)
                .exceptionally(late -> json.createObjectNode()
                        .put("printed", String.join(" | ", browser.lines()))
                        .toString())
                .get();
        return json.readTree(posted);
    }
}
