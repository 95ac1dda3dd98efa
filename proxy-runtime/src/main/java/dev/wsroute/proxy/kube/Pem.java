package dev.wsroute.proxy.kube;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates and keys as text (RFC 7468). */
final class Pem {

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");
    private static final HexFormat HEX = HexFormat.of();
    /** What stands before the key when PKCS#1 is wrapped in PKCS#8: version 0 and the algorithm rsaEncryption. */
    private static final byte[] RSA = HEX.parseHex("020100300d06092a864886f70d0101010500");

    private static final String VERSION = "020100";
    private static final String EC_PUBLIC_KEY = "06072a8648ce3d0201";
    /** The OIDs of P-256, P-384 and P-521 as they stand in a key of SEC 1. */
    private static final List<String> CURVES = List.of("06082a8648ce3d030107", "06052b81040022", "06052b81040023");

    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 0x04;
    private static final int LONG_FORM = 0x80;
    private static final int MAX_BYTE = 0xff;

    private Pem() {}

    /**
     * @param what for the sentence, such as {@code certificate-authority}
     * @throws IOException with one sentence when there is none, or one that cannot be read
     */
    static List<Certificate> certificates(String what, byte[] pem) throws IOException {
        List<Certificate> certificates = new ArrayList<>();
        Matcher block = BLOCK.matcher(new String(pem, StandardCharsets.ISO_8859_1));
        try {
            CertificateFactory x509 = CertificateFactory.getInstance("X.509");
            while (block.find()) {
                if (block.group(1).equals("CERTIFICATE")) {
                    certificates.add(x509.generateCertificate(new ByteArrayInputStream(bytes(block))));
                }
            }
        } catch (CertificateException | IllegalArgumentException e) {
            throw new IOException("The " + what + " holds a certificate that cannot be read", e);
        }
        if (certificates.isEmpty()) {
            throw new IOException("The " + what + " holds no certificate in PEM");
        }
        return certificates;
    }

    /** As {@link #certificates}, of a private key: of RSA or EC, in PKCS#8, PKCS#1 or SEC 1. */
    static PrivateKey privateKey(String what, byte[] pem) throws IOException {
        Matcher block = BLOCK.matcher(new String(pem, StandardCharsets.ISO_8859_1));
        boolean other = false;
        try {
            while (block.find()) {
                switch (block.group(1)) {
                    case "PRIVATE KEY" -> {
                        return privateKey(bytes(block));
                    }
                    case "RSA PRIVATE KEY" -> {
                        return privateKey(wrapped(RSA, bytes(block)));
                    }
                    case "EC PRIVATE KEY" -> {
                        byte[] key = bytes(block);
                        return privateKey(wrapped(algorithm(key), key));
                    }
                    default -> other |= block.group(1).endsWith("PRIVATE KEY");
                }
            }
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException("The " + what + " holds a key that cannot be read", e);
        }
        throw new IOException(
                other
                        ? "The " + what
                                + " is of a form that is not supported: convert it with 'openssl pkcs8 -topk8 -nocrypt'"
                        : "The " + what + " holds no private key in PEM");
    }

    private static PrivateKey privateKey(byte[] pkcs8) throws GeneralSecurityException {
        PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(pkcs8);
        try {
            return KeyFactory.getInstance("RSA").generatePrivate(spec);
        } catch (InvalidKeySpecException e) {
            return KeyFactory.getInstance("EC").generatePrivate(spec);
        }
    }

    private static byte[] algorithm(byte[] sec1) throws InvalidKeySpecException {
        String hex = HEX.formatHex(sec1);
        String curve = CURVES.stream()
                .filter(hex::contains)
                .findFirst()
                .orElseThrow(() -> new InvalidKeySpecException("its curve is not known"));
        byte[] algorithm = der(SEQUENCE, HEX.parseHex(EC_PUBLIC_KEY + curve));
        return concat(HEX.parseHex(VERSION), algorithm);
    }

    private static byte[] wrapped(byte[] head, byte[] key) {
        return der(SEQUENCE, concat(head, der(OCTET_STRING, key)));
    }

    private static byte[] bytes(Matcher block) {
        return Base64.getMimeDecoder().decode(block.group(2));
    }

    private static byte[] der(int tag, byte[] content) {
        byte[] head;
        if (content.length < LONG_FORM) {
            head = new byte[] {(byte) tag, (byte) content.length};
        } else if (content.length <= MAX_BYTE) {
            head = new byte[] {(byte) tag, (byte) (LONG_FORM | 1), (byte) content.length};
        } else {
            head = new byte[] {(byte) tag, (byte) (LONG_FORM | 2), (byte) (content.length >> 8), (byte) content.length};
        }
        return concat(head, content);
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = new byte[first.length + second.length];
        System.arraycopy(first, 0, both, 0, first.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
