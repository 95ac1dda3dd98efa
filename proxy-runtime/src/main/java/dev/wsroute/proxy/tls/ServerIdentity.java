// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import dev.wsroute.proxy.material.MaterialException;
import dev.wsroute.proxy.pem.Pem;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A certificate chain with its private key. The key is never printed. */
public final class ServerIdentity {

    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;

    private final List<X509Certificate> chain;
    private final PrivateKey key;
    private final List<String> names;
    private final byte[] digest;

    private ServerIdentity(List<X509Certificate> chain, PrivateKey key, List<String> names, byte[] digest) {
        this.chain = chain;
        this.key = key;
        this.names = names;
        this.digest = digest;
    }

    /**
     * Reads a chain and its key. Whether it has expired is not checked.
     *
     * @param what what holds the chain, such as {@code file /etc/tls/chat.crt}, for sentences
     * @param whatKey what holds the key
     * @throws MaterialException if it cannot be used
     */
    static ServerIdentity parse(String what, byte[] certificates, String whatKey, byte[] key) throws MaterialException {
        try {
            List<X509Certificate> chain = chain(Pem.certificates(what, certificates));
            PublicKey publicKey = chain.get(0).getPublicKey();
            String algorithm = publicKey.getAlgorithm();
            if (!algorithm.equals("RSA") && !algorithm.equals("EC")) {
                throw new MaterialException("The certificate has a key of the unsupported kind " + algorithm);
            }
            PrivateKey privateKey = Pem.privateKey(whatKey, key, publicKey);
            if (!matches(privateKey, publicKey)) {
                throw new MaterialException("The key does not match the certificate");
            }
            List<String> names = names(chain.get(0));
            return new ServerIdentity(chain, privateKey, names, digest(certificates, key));
        } catch (IOException e) {
            throw new MaterialException(String.valueOf(e.getMessage()), e);
        }
    }

    private static List<X509Certificate> chain(List<Certificate> certificates) {
        List<X509Certificate> chain = new ArrayList<>();
        certificates.forEach(each -> chain.add((X509Certificate) each));
        return List.copyOf(chain);
    }

    private static boolean matches(PrivateKey key, PublicKey pair) throws MaterialException {
        if (key instanceof RSAKey rsa && pair instanceof RSAKey other) {
            return rsa.getModulus().equals(other.getModulus());
        }
        byte[] message = {1};
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(key);
            signature.update(message);
            byte[] signed = signature.sign();
            signature.initVerify(pair);
            signature.update(message);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            throw new MaterialException("The key or its curve is not supported", e);
        }
    }

    /** DNS names in lower case (RFC 5280 §4.2.1.6). The subject's common name does not count (RFC 9525 §2). */
    private static List<String> names(X509Certificate certificate) throws MaterialException {
        List<String> names = new ArrayList<>();
        try {
            var alternatives = certificate.getSubjectAlternativeNames();
            if (alternatives != null) {
                for (List<?> each : alternatives) {
                    if (each.get(0).equals(DNS_NAME)) {
                        names.add(String.valueOf(each.get(1)).toLowerCase(Locale.ROOT));
                    }
                }
            }
        } catch (CertificateParsingException e) {
            throw new MaterialException("The names of the certificate cannot be read", e);
        }
        return List.copyOf(names);
    }

    private static byte[] digest(byte[] certificates, byte[] key) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(MessageDigest.getInstance("SHA-256").digest(certificates));
            return digest.digest(key);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The server's certificate first. */
    List<X509Certificate> chain() {
        return chain;
    }

    PrivateKey key() {
        return key;
    }

    /** {@code RSA} or {@code EC}. */
    String keyType() {
        return chain.get(0).getPublicKey().getAlgorithm();
    }

    /** @throws MaterialException if it names no host or address, so that no client could accept it from a server */
    void requireHost() throws MaterialException {
        if (names.isEmpty() && !hasAddress()) {
            throw new MaterialException("The certificate has no subject alternative name with a host");
        }
    }

    private boolean hasAddress() {
        try {
            var alternatives = chain.get(0).getSubjectAlternativeNames();
            return alternatives != null
                    && alternatives.stream().anyMatch(each -> each.get(0).equals(IP_ADDRESS));
        } catch (CertificateParsingException e) {
            return false;
        }
    }

    /** DNS names in lower case; {@code *.example.com} for wildcards. */
    List<String> names() {
        return names;
    }

    /** When the server's certificate becomes valid. */
    Instant notBefore() {
        return chain.get(0).getNotBefore().toInstant();
    }

    /** When the first certificate of the chain expires. */
    Instant notAfter() {
        return chain.stream()
                .map(each -> each.getNotAfter().toInstant())
                .min(Instant::compareTo)
                .orElseThrow();
    }

    /** Why it must not be used at that time; null if it may. */
    @Nullable String validityFault(Instant now) {
        if (!now.isBefore(notAfter())) {
            return "The certificate expired at " + notAfter();
        }
        return now.isBefore(notBefore()) ? "The certificate is not valid before " + notBefore() : null;
    }

    /** Whether both were read from the same bytes. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ServerIdentity identity && Arrays.equals(digest, identity.digest);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(digest);
    }

    @Override
    public String toString() {
        return "a certificate for " + names;
    }
}
