// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.jwks;

/** Key sets for tests. */
final class TestSets {

    /** RFC 7515 A.3.1, without its private part. */
    private static final String EC =
            "\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
                    + "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"";

    private TestSets() {}

    /** A set of one key, as a server could answer and as it is published. */
    static String of(String kid) {
        return "{\"keys\":[{\"kty\":\"EC\",\"kid\":\"" + kid + "\"," + EC.substring("\"kty\":\"EC\",".length()) + "}]}";
    }

    /** The members of a key, without braces. */
    static String key(String kid) {
        return "\"kid\":\"" + kid + "\"," + EC;
    }
}
