// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.kube;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A token in a file that is replaced before the token expires, so it is read for each request. */
record TokenFile(Path file) implements ApiServer.BearerToken {

    @Override
    public String current() throws IOException {
        String token = new String(CredentialFile.read(file), StandardCharsets.UTF_8).trim();
        if (token.isEmpty() || token.indexOf('\n') >= 0 || token.indexOf('\r') >= 0) {
            throw new IOException("The file " + file + " has no token");
        }
        return token;
    }
}
