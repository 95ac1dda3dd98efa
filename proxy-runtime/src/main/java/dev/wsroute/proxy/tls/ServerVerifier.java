// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import dev.wsroute.proxy.metrics.BackendTlsFailure;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * Verifies the certificates of backends: the platform checks the chain and the host name of the engine's connection, and
 * this class what the platform is too lenient about. Says why a certificate is not accepted. Also limits the session.
 */
final class ServerVerifier extends EngineTrustManager {

    private static final int DNS_NAME = 2;
    private static final int MAX_NAMES = 3;
    private static final int MAX_TEXT = 200;

    private final ChainVerifier chains;

    ServerVerifier(ChainVerifier chains) {
        this.chains = chains;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        X509Certificate leaf = chain[0];
        try {
            // The platform does not check a certificate that is itself among the CA certificates.
            leaf.checkValidity();
            chains.verifyServer(chain, authType, engine);
            if (hosts(leaf).isEmpty()) {
                // RFC 9525 §2: the common name, which the platform falls back to, is not a host name.
                throw new CertificateException("no host name");
            }
            BackendSessions.limit(engine, chain);
        } catch (CertificateException e) {
            throw refusal(chain, engine, e);
        }
    }

    private static UnacceptedCertificateException refusal(
            X509Certificate[] chain, SSLEngine engine, CertificateException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateExpiredException || cause instanceof CertificateNotYetValidException) {
                return new UnacceptedCertificateException(BackendTlsFailure.EXPIRED, validity(chain), e);
            }
            if (cause instanceof CertPathBuilderException) {
                return new UnacceptedCertificateException(BackendTlsFailure.UNTRUSTED, issuer(chain), e);
            }
        }
        // This type itself is thrown only for the host name; those for chains are derived from it.
        if (e.getClass() == CertificateException.class) {
            return new UnacceptedCertificateException(
                    BackendTlsFailure.WRONG_HOST,
                    "its certificate is not valid for " + host(engine) + ", but for " + named(chain[0]),
                    e);
        }
        return new UnacceptedCertificateException(
                BackendTlsFailure.INVALID_CERTIFICATE, "its certificate is invalid: " + cut(e.getMessage()), e);
    }

    private static String validity(X509Certificate[] chain) {
        for (X509Certificate each : chain) {
            try {
                each.checkValidity();
            } catch (CertificateExpiredException e) {
                return "its certificate or that of a CA expired at "
                        + each.getNotAfter().toInstant();
            } catch (CertificateNotYetValidException e) {
                return "its certificate or that of a CA is not valid before "
                        + each.getNotBefore().toInstant();
            }
        }
        return "a CA's certificate has expired or is not valid yet";
    }

    private static String issuer(X509Certificate[] chain) {
        X509Certificate last = chain[chain.length - 1];
        String issuer = cut(last.getIssuerX500Principal().getName());
        return chain.length == 1 && last.getIssuerX500Principal().equals(last.getSubjectX500Principal())
                ? "its certificate is self-signed and not among the trusted CA certificates"
                : "its certificate was not issued by a trusted CA, but by " + issuer;
    }

    private static String named(X509Certificate leaf) {
        List<String> hosts = hosts(leaf);
        if (hosts.isEmpty()) {
            return "no host name: it has none among its subject alternative names";
        }
        String shown = hosts.stream().limit(MAX_NAMES).collect(Collectors.joining(", "));
        return cut(hosts.size() > MAX_NAMES ? shown + " and others" : shown);
    }

    private static List<String> hosts(X509Certificate leaf) {
        List<String> hosts = new ArrayList<>();
        try {
            var names = leaf.getSubjectAlternativeNames();
            if (names != null) {
                for (List<?> name : names) {
                    if (name.get(0).equals(DNS_NAME)) {
                        hosts.add(String.valueOf(name.get(1)));
                    }
                }
            }
        } catch (CertificateException unreadable) {
            return List.of();
        }
        return hosts;
    }

    private static String host(SSLEngine engine) {
        return engine.getSSLParameters().getServerNames().stream()
                .filter(SNIHostName.class::isInstance)
                .map(name -> ((SNIHostName) name).getAsciiName())
                .findFirst()
                .orElse("the host");
    }

    private static String cut(@Nullable String text) {
        String known = String.valueOf(text);
        return known.length() <= MAX_TEXT ? known : known.substring(0, MAX_TEXT) + "…";
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return chains.authorities();
    }
}
