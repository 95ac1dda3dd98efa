// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.written;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is planted is found. The secrets here are noted nowhere else, so that this test's own report has none. */
class SecretScanTest {

    private static final String PASSWORD = "4tq0zr7w1m9k3x8c5v2b6n1l";
    private static final String SIGNATURE = "pL3-xQ_9vT1+zR7/wM4kY8cB2nJ6hG5dF0sA_qW-eU3iO1tX";
    private static final Base64.Encoder BASE64 = Base64.getEncoder();

    private final SecretScan scan =
            new SecretScan(List.of("password of planted\t" + PASSWORD, "signature of a token\t" + SIGNATURE));

    private void assertFound(String kind, String... lines) {
        for (int i = 0; i < lines.length; i++) {
            assertThat(scan.kindIn(lines[i]))
                    .as("line %d", i + 1)
                    .hasValueSatisfying(
                            found -> assertThat(found).startsWith(kind).doesNotContain(PASSWORD.substring(0, 6)));
        }
    }

    @Test
    void aSecretAsItIsOrByHalf() {
        assertFound(
                "password of planted",
                PASSWORD,
                "12:00 INFO target=/chat?key=" + PASSWORD + "&x=1",
                "cookie=" + PASSWORD.substring(0, 12) + "…",
                "…" + PASSWORD.substring(12));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a:", "al:", "ali:", "alice:"})
    void base64OfWhateverIsBeforeAndBehindIt(String before) {
        byte[] credentials = (before + PASSWORD + " and more").getBytes(UTF_8);

        assertFound(
                "password of planted, in base64",
                BASE64.encodeToString(credentials),
                "x=" + BASE64.withoutPadding().encodeToString((before + PASSWORD).getBytes(UTF_8)) + ";",
                Base64.getUrlEncoder().encodeToString(credentials));
    }

    @Test
    void hexadecimalDigits() {
        assertFound("password of planted, in hex", HexFormat.ofDelimiter("").formatHex(PASSWORD.getBytes(UTF_8)));
    }

    @Test
    void eitherAlphabetPercentEncodedOrEscaped() {
        assertFound(
                "signature of a token",
                SIGNATURE,
                SIGNATURE.replace('-', '+').replace('_', '/'),
                "/chat?t=" + URLEncoder.encode(SIGNATURE, UTF_8),
                "/chat?t=" + URLEncoder.encode(URLEncoder.encode(SIGNATURE, UTF_8), UTF_8),
                SIGNATURE.replace("+", "\\u002b").replace("/", "\\/"),
                SIGNATURE.replace("+", "&#x2b;").replace("/", "&#x2F;"));
        StringBuilder all = new StringBuilder();
        PASSWORD.chars().forEach(c -> all.append("%%%02x".formatted(c)));
        assertFound("password of planted", all.toString());
    }

    @Test
    void whatLooksLikeATokenOrAPartOfIt() {
        String header = "eyJ" + "hbGciOiJFUzI1NiJ9";
        String payload = "eyJ" + "zdWIiOiJhZGEiLCJleHAiOjQ3MDB9";

        assertFound("a part of a JWT", header + "." + payload + ".x", header, "{\"t\":\"" + payload + "\"}");
    }

    @Test
    void whatLooksLikeAKeyOrAHash() {
        String pem = "-----BEGIN EC PRIVATE" + " KEY-----";

        assertFound("a private key in PEM", pem);
        assertFound("a private key in base64", BASE64.encodeToString((pem + "\nabc\n").getBytes(UTF_8)));
        assertFound(
                "the beginning of a private key",
                "MIGH" + "AgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg",
                "MEEC" + "AQAwEwYHKoZIzj0CAQYIKoZIzj0DAQcEJzAlAgEBBCDE",
                "MIIEvQI" + "BADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIB",
                "MHcC" + "AQEEIBv3cGzSMpI1uDxREx3QTi1e5aTrrSenGwEDhfOVGqpBoA",
                "MIIEogIB" + "AAKCAQEAt+WF66JR30H3cF6sZvX4Qe58UrtE",
                "MC4C" + "AQAwBQYDK2VwBCIEIG17odoIGWrIpzSu8TMPN4pq2q");
        assertFound("a private or symmetric JWK", "{\"kty\":\"EC\", \"d\" : \"" + "A".repeat(43) + "\"}");
        assertFound("the hash of a password (bcrypt)", "alice:$2" + "y$05$" + "a".repeat(53));
        assertFound("the hash of a password (Argon2)", "$argon2" + "id$v=19$m=1024,t=2,p=1$c29tZQ$5YHT8");
        assertFound(
                "an Authorization header",
                "Authorization: " + "Bearer abcdefgh.1",
                "{\"authorization\":\"" + "Basic YWxpY2U6cGFzcw==\"}");
    }

    @Test
    void nothingElse() {
        assertThat(scan.kindIn("/builds/proxy-runtime/target/wsroute-proxy.jar:/builds/repository/io/netty/netty"))
                .isEmpty();
        assertThat(scan.kindIn("The Authorization header must be a Bearer token; 100%25 of \\u002b &amp; co."))
                .isEmpty();
        assertThat(scan.kindIn("-----BEGIN CERTIFICATE-----")).isEmpty();
        assertThat(scan.kindIn("{\"keys\":[{\"kty\":\"EC\",\"x\":\"" + "f".repeat(43) + "\"}]}"))
                .isEmpty();
        assertThat(scan.kindIn(PASSWORD.substring(0, 11))).isEmpty();
    }

    @Test
    void aFindingNamesTheLineAndTheKindAndNotTheSecret(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("proxy.log"), "started\n\nkey=" + PASSWORD + "\nended\n");

        assertThat(scan.findings(file)).containsExactly(file + ":3: password of planted");
    }
}
