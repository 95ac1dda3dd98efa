// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.keys;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeySetTest {

    /** RFC 7515 A.3.1, without its private part. */
    private static final String EC =
            "\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
                    + "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"";
    /** RFC 8037 A.2. */
    private static final String OKP =
            "\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"";

    private static String set(String... keys) {
        return Stream.of(keys).map(key -> "{" + key + "}").collect(Collectors.joining(",", "{\"keys\":[", "]}"));
    }

    private static KeySet parse(String text) throws KeySetException {
        return KeySet.parse(text.getBytes(UTF_8));
    }

    private static void assertRefused(String text, String sentence) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOfSatisfying(
                        KeySetException.class, e -> assertThat(e.sentence()).startsWith(sentence));
    }

    private static String rsa(BigInteger modulus, BigInteger exponent) {
        return "\"kty\":\"RSA\",\"n\":\"" + unsigned(modulus) + "\",\"e\":\"" + unsigned(exponent) + "\"";
    }

    private static String unsigned(BigInteger number) {
        byte[] bytes = number.toByteArray();
        int start = bytes[0] == 0 && bytes.length > 1 ? 1 : 0;
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOfRange(bytes, start, bytes.length));
    }

    private static KeyPair keys(String algorithm) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm.startsWith("P-") ? "EC" : algorithm);
        if (algorithm.startsWith("P-")) {
            generator.initialize(new ECGenParameterSpec("secp" + algorithm.substring(2) + "r1"));
        }
        return generator.generateKeyPair();
    }

    private static String pem(String label, byte[] bytes) {
        return "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder().encodeToString(bytes) + "\n-----END " + label
                + "-----\n";
    }

    @Test
    void anEmptySetIsAnAccidentUnlessItSaysThatItsKeysAreWithdrawn() throws Exception {
        assertRefused("{\"keys\":[]}", "The key set holds no key that verifies tokens");
        assertRefused("", "The key set is empty");

        assertThat(parse(KeySet.WITHDRAWN).keys()).isEmpty();
    }

    @Test
    void readsTheKeysOfTheStandards() throws Exception {
        KeySet set = parse(set("\"kid\":\"one\",\"alg\":\"ES256\",\"use\":\"sig\"," + EC, "\"kid\":\"two\"," + OKP));

        assertThat(set.keyIds()).containsExactly("one", "two");
        assertThat(set.keys()).extracting(VerificationKey::kind).containsExactly(KeyKind.P256, KeyKind.ED25519);
        assertThat(set.keys()).extracting(VerificationKey::algorithm).containsExactly("ES256", null);
        EdECPublicKey edwards = (EdECPublicKey) set.keys().get(1).key();
        // RFC 8032 §7.1, TEST 1, little-endian; the highest bit is the sign of x.
        assertThat(edwards.getPoint().getY().toString(16))
                .isEqualTo("1a5107f7681a02af2523a6daf372e10e3a0764c9d3fe4bd5b70ab18201985ad7");
        assertThat(edwards.getPoint().isXOdd()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"P-256,P256", "P-384,P384", "P-521,P521", "RSA,RSA", "Ed25519,ED25519"})
    void readsPublicKeysInPem(String algorithm, KeyKind kind) throws Exception {
        PublicKey key = keys(algorithm).getPublic();

        KeySet set = parse("a comment\n" + pem("PUBLIC KEY", key.getEncoded()) + "\n");

        assertThat(set.keys()).containsExactly(new VerificationKey(null, kind, key, null));
        assertThat(set.keyIds()).isEmpty();
    }

    @Test
    void leavesOutWhatVerifiesNoToken() throws Exception {
        RSAPublicKey strong = (RSAPublicKey) keys("RSA").getPublic();
        BigInteger n = strong.getModulus();

        KeySet set = parse(set(
                "\"use\":\"enc\",\"kid\":\"encryption\"," + EC,
                "\"key_ops\":[\"encrypt\"],\"kid\":\"operations\"," + EC,
                "\"kid\":\"kty\",\"kty\":\"AKP\",\"alg\":\"ML-DSA-44\",\"pub\":\"AAAA\"",
                "\"kid\":\"none\"",
                "\"kid\":\"curve\"," + EC.replace("P-256", "secp256k1"),
                "\"kid\":\"point\"," + EC.replace("f83O", "f84O"),
                "\"kid\":\"x25519\"," + OKP.replace("Ed25519", "X25519"),
                "\"kid\":\"short\"," + OKP.replace("11qY", ""),
                "\"kid\":\"weak\"," + rsa(n.shiftRight(1025).setBit(0), BigInteger.valueOf(65537)),
                "\"kid\":\"long\"," + rsa(BigInteger.ONE.shiftLeft(8192).setBit(0), BigInteger.valueOf(65537)),
                "\"kid\":\"exponent 1\"," + rsa(n, BigInteger.ONE),
                "\"kid\":\"exponent even\"," + rsa(n, BigInteger.TWO.pow(16)),
                "\"kid\":\"exponent long\"," + rsa(n, BigInteger.TWO.pow(1023).setBit(0)),
                "\"kid\":7," + EC,
                "\"kid\":\"verify\",\"key_ops\":[\"verify\"]," + EC,
                "\"kid\":\"strong\"," + rsa(n, strong.getPublicExponent())));

        assertThat(set.keyIds()).containsExactly("strong", "verify");
        assertThat(set.keys()).hasSize(2);
    }

    @Test
    void certificatesOfAKeyAreNotRead() throws Exception {
        assertThat(parse(set("\"x5c\":[\"broken\"],\"x5u\":\"https://evil.example\"," + EC))
                        .keys())
                .hasSize(1);
    }

    @Test
    void aSetWithoutAUsableKeyIsRefused() {
        assertRefused("", "The key set is empty");
        assertRefused(" \n", "The key set is empty");
        assertRefused("{\"keys\":[]}", "The key set holds no key that verifies tokens");
        assertRefused(set("\"use\":\"enc\"," + EC), "The key set holds no key that verifies tokens");
        assertRefused(pem("X", new byte[3]), "The key set holds no key that verifies tokens");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "{\"keys\":",
                "{\"keys\":[}",
                "{\"keys\":[{\"kty\":\"EC\"",
                "{\"keys\":[],\"keys\":[]}",
            })
    void whatIsNotJsonIsRefused(String text) {
        assertRefused(text, "The key set is not valid JSON");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"keys\":null}", "{\"keys\":{}}", "{\"keys\":\"x\"}"})
    void aSetWithoutAListIsRefused(String text) {
        assertRefused(text, "The key set has no list of keys");
    }

    @Test
    void otherTextIsRefused() {
        assertRefused("[]", "The key set is neither a JWK Set (JSON) nor PEM");
        assertRefused("<html>", "The key set is neither a JWK Set (JSON) nor PEM");
        assertRefused("{\"keys\":[7]}", "The key set holds something that is not a key");
        assertThatThrownBy(() -> KeySet.parse("{\"keys\":[{\"kid\":\"ü\"}]}".getBytes(ISO_8859_1)))
                .hasMessage("The key set is not UTF-8");
        assertRefused("-----BEGIN PUBLIC KEY-----\nAAAA", "The key set is cut off: a PEM block has no end");
        assertRefused(pem("PUBLIC KEY", new byte[3]), "The key set holds a PUBLIC KEY in PEM that cannot be read");
        assertRefused(pem("CERTIFICATE", new byte[3]), "The key set holds a CERTIFICATE in PEM that cannot be read");
    }

    @Test
    void deepNestingIsRefused() {
        String deep = "[".repeat(20_000);

        assertRefused("{\"keys\":" + deep, "The key set is not valid JSON");
        assertRefused("{\"x\":" + deep + "]".repeat(20_000) + ",\"keys\":[]}", "The key set is not valid JSON");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"kty\":\"oct\",\"k\":\"AAAA\"",
                "\"kty\":\"RSA\",\"d\":\"AAAA\"",
                "\"kty\":\"AKP\",\"priv\":\"AAAA\"",
            })
    void aPrivateOrSecretKeyIsRefusedAndNotQuoted(String key) {
        assertRefused(set(EC, key), "The key set holds a private or secret key");
        assertThatThrownBy(() -> parse(set(EC, key))).hasMessageNotContaining("AAAA");
    }

    @Test
    void aPrivateKeyInPemIsRefused() throws Exception {
        KeyPair pair = keys("P-256");
        String both = pem("PUBLIC KEY", pair.getPublic().getEncoded())
                + pem("PRIVATE KEY", pair.getPrivate().getEncoded());

        assertRefused(both, "The key set holds a private or secret key");
        assertRefused(pem("EC PRIVATE KEY", new byte[3]), "The key set holds a private or secret key");
    }

    @Test
    void sizeAndNumberAreBounded() throws Exception {
        String full = set(Stream.generate(() -> EC).limit(100).toArray(String[]::new));
        String padding = " ".repeat(KeySet.MAX_BYTES - full.length());

        assertThat(parse(full + padding).keys()).hasSize(100);
        assertRefused(full + padding + " ", "The key set is larger than 65536 bytes");
        assertRefused(
                set(Stream.generate(() -> EC).limit(101).toArray(String[]::new)),
                "The key set holds more than 100 keys");
    }

    @Test
    void setsAreEqualByContent() throws Exception {
        KeySet set = parse(set("\"kid\":\"one\"," + EC));

        assertThat(set)
                .isEqualTo(parse(" { \"keys\" : [ {" + EC + ",\"kid\":\"one\"} ] }"))
                .hasSameHashCodeAs(parse(set("\"kid\":\"one\"," + EC)))
                .isNotEqualTo(parse(set("\"kid\":\"two\"," + EC)))
                .isNotEqualTo(parse(set("\"kid\":\"one\"," + OKP)));
    }

    @Test
    void noKeyIsPrinted() throws Exception {
        KeySet set = parse(set("\"kid\":\"one\"," + EC));

        assertThat(set).hasToString("1 public key(s)");
        assertThat(set.keys()).hasToString("[P256 key]");
    }
}
