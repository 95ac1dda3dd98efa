// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import java.nio.file.Path;
import java.util.List;

/**
 * The relay in C that parses nothing.
 *
 * @param program path of the compiled program
 */
record BareRelay(Path program) implements Contender {

    @Override
    public String label() {
        return RELAY;
    }

    @Override
    public boolean isInstalled() {
        return true;
    }

    @Override
    public boolean canTls() {
        return false;
    }

    @Override
    public List<String> versionCommand() {
        return List.of("cc", "--version");
    }

    @Override
    public Launch launch(Path folder, Entrance entrance, int backendPort) {
        return new Launch(
                List.of(program.toString(), Integer.toString(entrance.port()), Integer.toString(backendPort)));
    }
}
