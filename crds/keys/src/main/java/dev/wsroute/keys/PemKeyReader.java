// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.keys;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads public keys (RFC 7468 §13) and certificates in PEM. Of a certificate, only the key counts. */
final class PemKeyReader {

    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "Ed25519");

    private PemKeyReader() {}

    static List<VerificationKey> read(byte[] pem) throws KeySetException {
        List<PemBlock> blocks;
        try {
            blocks = PemBlock.of("key set", pem);
        } catch (IOException e) {
            throw new KeySetException("The key set is cut off: a PEM block has no end", e);
        }
        KeySet.checkNumber(blocks.size());
        List<VerificationKey> keys = new ArrayList<>();
        for (PemBlock block : blocks) {
            if (block.label().endsWith("PRIVATE KEY")) {
                throw KeySet.privateKey();
            }
            PublicKey key = publicKey(block);
            KeyKind kind = key == null ? null : KeyKind.of(key);
            if (key != null && kind != null) {
                keys.add(new VerificationKey(null, kind, key, null));
            }
        }
        return keys;
    }

    /** Null if there is none. */
    private static @Nullable PublicKey publicKey(PemBlock block) throws KeySetException {
        try {
            return switch (block.label()) {
                case "PUBLIC KEY" -> publicKey(block.bytes());
                case "CERTIFICATE" ->
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(block.bytes()))
                            .getPublicKey();
                default -> null;
            };
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new KeySetException("The key set holds a " + block.label() + " in PEM that cannot be read", e);
        }
    }

    /** Null if it is of a kind that is unknown. */
    private static @Nullable PublicKey publicKey(byte[] encoded) throws GeneralSecurityException {
        GeneralSecurityException last = null;
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(encoded));
            } catch (GeneralSecurityException e) {
                last = e;
            }
        }
        if (last != null) {
            throw last;
        }
        return null;
    }
}
