// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import dev.wsroute.config.ClientCertificates.Mode;
import dev.wsroute.config.ListenerTls.Version;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslCachingX509KeyManagerFactory;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.ReferenceCountedOpenSslContext;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.internal.tcnative.SSL;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds contexts: BoringSSL where its library loads, else the JDK's engine, whose handshakes cost several times as
 * much CPU. Compression, renegotiation and early data (0-RTT) are off in both.
 */
final class TlsEngines {

    private static final Logger LOG = LoggerFactory.getLogger(TlsEngines.class);

    /**
     * AEAD ciphers with forward secrecy only (RFC 9325 §4.2). AES-128 first, since it is the fastest where the processor
     * supports AES. BoringSSL always offers the three of TLS 1.3.
     */
    static final List<String> CIPHERS = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    /** Key exchange groups. The first is secure against quantum computers (FIPS 203 with X25519). */
    private static final String[] GROUPS = {"X25519MLKEM768", "X25519", "P-256", "P-384"};

    /** Handshake bytes that BoringSSL keeps for each connection before the engine takes them. */
    private static final int HANDSHAKE_BUFFER = 64;

    /**
     * Limit on a peer's chain, which BoringSSL collects before it is verified, and on a hello with a ticket that contains it.
     */
    private static final int MAX_PEER_MESSAGE = ClientHello.MAX_BYTES_WITH_CHAIN;

    /**
     * How long a session may be resumed: as long as every ticket key is known at least. Also how long a client's certificate is
     * believed, since it is verified in full handshakes only. BoringSSL has its own limit for sessions of TLS 1.3 without client
     * certificates, two days; their tickets end with the keys.
     */
    static final Duration SESSION_LIFETIME = Duration.ofHours(12);

    private static final boolean NATIVE = OpenSsl.isAvailable();

    static {
        if (!NATIVE) {
            LOG.warn(
                    "BoringSSL is not available; using the JDK's TLS engine, whose handshakes cost several times as much"
                            + " CPU: {}",
                    String.valueOf(OpenSsl.unavailabilityCause()));
        }
    }

    private TlsEngines() {}

    /** Whether BoringSSL is used. */
    static boolean isNative() {
        return NATIVE;
    }

    /**
     * A context that presents one identity. The caller releases it; engines keep it alive.
     *
     * @throws SSLException if the engine refuses the key or the certificate
     */
    static SslContext server(ServerIdentity identity, ServerTerms terms) throws SSLException {
        TrustedClients clients = terms.clients();
        SslContextBuilder builder = withFixedParameters(SslContextBuilder.forServer(keys(identity)));
        if (terms.minVersion() == Version.TLS_1_3) {
            builder.protocols("TLSv1.3");
        }
        if (clients == null) {
            builder.clientAuth(ClientAuth.NONE).trustManager(NoClientCertificates.INSTANCE);
        } else {
            builder.clientAuth(clients.mode() == Mode.Require ? ClientAuth.REQUIRE : ClientAuth.OPTIONAL)
                    .trustManager(new ClientVerifier(clients.chains()));
        }
        if (!NATIVE) {
            return jdk(builder, terms.resumption());
        }
        SslContext context = boring(builder);
        context.sessionContext().setSessionTimeout((int) SESSION_LIFETIME.toSeconds());
        return context;
    }

    /**
     * A context for connections to backends. The caller releases it; engines keep it alive.
     *
     * @throws SSLException if the engine refuses the key or the certificate
     */
    static SslContext client(ClientTerms terms) throws SSLException {
        SslContextBuilder builder = withFixedParameters(SslContextBuilder.forClient())
                .trustManager(terms.servers().verifier());
        ServerIdentity identity = terms.identity();
        if (identity != null) {
            builder.keyManager(keys(identity));
        }
        if (!NATIVE) {
            return jdk(builder, false);
        }
        SslContext context = boring(builder);
        BackendSessions.keep((OpenSslSessionContext) context.sessionContext());
        return context;
    }

    private static KeyManagerFactory keys(ServerIdentity identity) {
        return NATIVE ? new OpenSslCachingX509KeyManagerFactory(new OneKey(identity)) : new OneKey(identity);
    }

    private static SslContextBuilder withFixedParameters(SslContextBuilder builder) {
        return builder.sslProvider(NATIVE ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK)
                .protocols("TLSv1.3", "TLSv1.2")
                .ciphers(CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        "http/1.1"));
    }

    private static SslContext boring(SslContextBuilder builder) throws SSLException {
        SslContext context = builder.option(OpenSslContextOption.GROUPS, GROUPS.clone())
                .option(OpenSslContextOption.MAX_CERTIFICATE_LIST_BYTES, MAX_PEER_MESSAGE)
                // They would run on the event loop anyway.
                .option(OpenSslContextOption.USE_TASKS, false)
                .build();
        ((ReferenceCountedOpenSslContext) context).setBioNonApplicationBufferSize(HANDSHAKE_BUFFER);
        ((OpenSslSessionContext) context.sessionContext()).setSessionCacheEnabled(false);
        return context;
    }

    /**
     * Its tickets are good for the same certificate on the same proxy only. They cannot be turned off; the short timeout ends most
     * sessions early, but not those of clients that come back within it.
     */
    private static SslContext jdk(SslContextBuilder builder, boolean resumption) throws SSLException {
        SslContext context = builder.build();
        context.sessionContext().setSessionTimeout(resumption ? (int) SESSION_LIFETIME.toSeconds() : 1);
        if (!resumption) {
            context.sessionContext().setSessionCacheSize(1);
        }
        return context;
    }

    /** An engine for a new connection. */
    static SSLEngine newEngine(SslContext context, ServerTerms terms, ByteBufAllocator allocator) {
        SSLEngine engine = context.newEngine(allocator);
        if (!terms.resumption() && engine instanceof ReferenceCountedOpenSslEngine boring) {
            // Netty turns tickets on for every engine with TLS 1.3.
            SSL.setOptions(boring.sslPointer(), SSL.SSL_OP_NO_TICKET);
        }
        return engine;
    }
}
