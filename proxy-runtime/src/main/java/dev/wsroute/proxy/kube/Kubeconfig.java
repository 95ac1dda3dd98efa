// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.kube;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.wsroute.proxy.pem.Pem;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads kubectl's configuration file, as far as a proxy outside a cluster needs it. */
final class Kubeconfig {

    /** Authentication methods that need an external program or a dialogue. Not supported. */
    private static final List<String> UNSUPPORTED = List.of("exec", "auth-provider", "username", "password");

    private final Path file;

    private Kubeconfig(Path file) {
        this.file = file;
    }

    /**
     * The current context.
     *
     * @throws IOException with one sentence that names the file and the field
     */
    static ApiServer read(Path file) throws IOException {
        return new Kubeconfig(file).read();
    }

    private ApiServer read() throws IOException {
        JsonNode root = tree();
        String current = required(root, "current-context", "The kubeconfig " + file);
        JsonNode context = named(root, "contexts", "context", current);
        String inContext = "The context '" + current + "' of the kubeconfig " + file;
        JsonNode cluster = named(root, "clusters", "cluster", required(context, "cluster", inContext));
        String userName = JsonValues.text(context, "user");
        JsonNode user = userName == null || userName.isEmpty() ? root.path("") : named(root, "users", "user", userName);
        for (String unsupported : UNSUPPORTED) {
            if (user.has(unsupported)) {
                throw new IOException("The user '" + userName + "' of the kubeconfig " + file + " has '" + unsupported
                        + "', which is not supported: give it a token or a client certificate");
            }
        }
        if (cluster.has("proxy-url")) {
            throw new IOException("The kubeconfig " + file + " has 'proxy-url', which is not supported");
        }
        if (Boolean.TRUE.equals(JsonValues.flag(cluster, "insecure-skip-tls-verify"))) {
            throw new IOException("The kubeconfig " + file + " has 'insecure-skip-tls-verify', which is not supported:"
                    + " give it the certificate-authority, and a tls-server-name if the certificate names"
                    + " another host");
        }
        String server = required(cluster, "server", "The current cluster of the kubeconfig " + file);
        return ApiServer.at(
                server, tls(cluster, user).context(), JsonValues.text(cluster, "tls-server-name"), token(user));
    }

    private JsonNode tree() throws IOException {
        try {
            JsonNode root = new YAMLMapper().readTree(CredentialFile.read(file));
            if (root == null || !root.isObject()) {
                throw new IOException("The kubeconfig " + file + " is not a YAML object");
            }
            return root;
        } catch (JsonProcessingException e) {
            throw new IOException("The kubeconfig " + file + " is not YAML: " + e.getOriginalMessage(), e);
        }
    }

    private JsonNode named(JsonNode root, String list, String field, String name) throws IOException {
        for (JsonNode entry : root.path(list)) {
            if (name.equals(JsonValues.text(entry, "name"))) {
                return entry.path(field);
            }
        }
        throw new IOException("The kubeconfig " + file + " has no '" + name + "' among its " + list);
    }

    private Tls tls(JsonNode cluster, JsonNode user) throws IOException {
        byte[] authority = material(cluster, "certificate-authority");
        byte[] certificate = material(user, "client-certificate");
        byte[] key = material(user, "client-key");
        if ((certificate == null) != (key == null)) {
            throw new IOException(
                    "The kubeconfig " + file + " must have both client-certificate and client-key, or neither");
        }
        return new Tls(
                authority == null ? null : Pem.certificates(of("certificate-authority"), authority),
                certificate == null || key == null ? null : identity(certificate, key));
    }

    private Tls.ClientCertificate identity(byte[] certificate, byte[] key) throws IOException {
        List<Certificate> chain = Pem.certificates(of("client-certificate"), certificate);
        return new Tls.ClientCertificate(
                chain, Pem.privateKey(of("client-key"), key, chain.get(0).getPublicKey()));
    }

    private ApiServer.BearerToken token(JsonNode user) {
        // As in kubectl, the file takes precedence.
        String tokenFile = JsonValues.text(user, "tokenFile");
        if (tokenFile != null && !tokenFile.isEmpty()) {
            return new TokenFile(file.toAbsolutePath().resolveSibling(tokenFile));
        }
        String token = JsonValues.text(user, "token");
        return token == null || token.isEmpty() ? ApiServer.BearerToken.NONE : () -> token;
    }

    /** {@code FIELD-data} in base64, otherwise the content of the file that {@code FIELD} names. */
    private byte @Nullable [] material(JsonNode node, String field) throws IOException {
        String data = JsonValues.text(node, field + "-data");
        if (data != null && !data.isEmpty()) {
            try {
                return Base64.getMimeDecoder().decode(data);
            } catch (IllegalArgumentException e) {
                throw new IOException("The " + of(field + "-data") + " is not base64", e);
            }
        }
        String name = JsonValues.text(node, field);
        return name == null || name.isEmpty()
                ? null
                : CredentialFile.read(file.toAbsolutePath().resolveSibling(name));
    }

    private String of(String field) {
        return field + " of the kubeconfig " + file;
    }

    private static String required(JsonNode node, String field, String whole) throws IOException {
        String value = JsonValues.text(node, field);
        if (value == null || value.isEmpty()) {
            throw new IOException(whole + " has no '" + field + "'");
        }
        return value;
    }
}
