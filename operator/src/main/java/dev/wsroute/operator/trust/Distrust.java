// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.trust;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.PKIXReason;
import java.util.Optional;

/** What is wrong with the certificate of a server. The JDK's own messages are for its developers. */
public final class Distrust {

    private Distrust() {}

    /** The end of a sentence about the server, such as {@code its certificate has expired}; empty if that was not the reason. */
    public static Optional<String> of(Throwable e) {
        Throwable cause = e;
        boolean byCertificate = false;
        while (cause.getCause() != null) {
            cause = cause.getCause();
            byCertificate |= cause instanceof CertificateException;
        }
        if (cause instanceof CertificateExpiredException) {
            return Optional.of("its certificate has expired");
        }
        if (cause instanceof CertificateNotYetValidException) {
            return Optional.of("its certificate is not valid yet");
        }
        if (cause instanceof CertPathBuilderException || isUnknownAuthority(cause)) {
            return Optional.of("its certificate is not from a trusted authority");
        }
        if (cause instanceof CertPathValidatorException) {
            return Optional.of("its certificate is invalid");
        }
        if (!byCertificate) {
            return Optional.empty();
        }
        // The only kind without a class of its own.
        boolean otherHost = cause.getMessage() != null && cause.getMessage().startsWith("No ");
        return Optional.of(otherHost ? "its certificate names another host" : "its certificate is invalid");
    }

    private static boolean isUnknownAuthority(Throwable cause) {
        return cause instanceof CertPathValidatorException path && path.getReason() == PKIXReason.NO_TRUST_ANCHOR;
    }
}
