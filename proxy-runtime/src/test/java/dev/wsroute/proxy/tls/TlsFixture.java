// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import dev.wsroute.config.ClientCertificates.Mode;
import dev.wsroute.config.ListenerTls.Version;
import dev.wsroute.proxy.material.MaterialException;
import dev.wsroute.proxy.testkit.TestAuthority;
import dev.wsroute.proxy.testkit.TestAuthority.Issued;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSessionContext;
import org.jspecify.annotations.Nullable;

/** TLS listeners for tests. */
public final class TlsFixture {

    private TlsFixture() {}

    /** A listener with these certificates. Their sources are called {@code 0}, {@code 1} and so on. */
    public static TlsListener listener(Issued... certificates) {
        TlsListener listener = new TlsListener("wss");
        renew(listener, certificates);
        return listener;
    }

    /** A listener with one certificate in PEM. */
    public static TlsListener listener(String certificate, String key) {
        TlsListener listener = new TlsListener("wss");
        try {
            listener.swap(
                    Map.of("0", ServerIdentity.parse("tls.crt", bytes(certificate), "tls.key", bytes(key))),
                    terms(null));
        } catch (MaterialException e) {
            throw new IllegalArgumentException(e);
        }
        return listener;
    }

    /** A listener that asks for client certificates of {@code clients}. */
    public static TlsListener listener(Mode mode, TestAuthority clients, Issued... certificates) {
        TlsListener listener = new TlsListener("wss");
        ask(listener, mode, clients, certificates);
        return listener;
    }

    /** Makes a listener ask for client certificates of {@code clients}. */
    public static void ask(TlsListener listener, Mode mode, TestAuthority clients, Issued... certificates) {
        try {
            CaBundle bundle = CaBundle.parse("ca.crt", bytes(clients.certificatePem()));
            listener.demand(mode);
            listener.swap(identities(certificates), terms(TrustedClients.of(mode, bundle.certificates())));
        } catch (MaterialException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** Replaces the certificates. Clients are not asked for theirs any more. */
    public static void renew(TlsListener listener, Issued... certificates) {
        listener.demand(null);
        listener.swap(identities(certificates), terms(null));
    }

    /**
     * TLS to backends.
     *
     * @param hostname what their certificates must be valid for
     * @param authority that must have issued them
     * @param own what the proxy presents; null for nothing
     */
    public static TlsBackend backend(String hostname, TestAuthority authority, @Nullable Issued own) {
        TlsBackend backend = new TlsBackend(new TlsClient(), hostname);
        trust(backend, authority.certificatePem(), own);
        return backend;
    }

    /** TLS to backends whose certificates are issued by CAs of the Java runtime. */
    public static TlsBackend systemBackend(String hostname) {
        TlsBackend backend = new TlsBackend(new TlsClient(), hostname);
        try {
            backend.client().swap(new ClientTerms(TrustedServers.ofSystem(), null));
        } catch (MaterialException e) {
            throw new IllegalArgumentException(e);
        }
        return backend;
    }

    /** TLS to backends before any source has reported. */
    public static TlsBackend unreadBackend(String hostname) {
        return new TlsBackend(new TlsClient(), hostname);
    }

    /** Replaces the CA certificates and what the proxy presents. */
    public static void trust(TlsBackend backend, String authorities, @Nullable Issued own) {
        try {
            CaBundle bundle = CaBundle.parse("ca.crt", bytes(authorities));
            backend.client()
                    .swap(new ClientTerms(
                            TrustedServers.of(bundle.certificates()), own == null ? null : identity(own)));
        } catch (MaterialException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** The sessions of its current context. */
    public static SSLSessionContext sessions(TlsBackend backend) {
        try {
            SslHandler handler = Objects.requireNonNull(
                    backend.client().newHandler(UnpooledByteBufAllocator.DEFAULT, "any", new InetSocketAddress(1)));
            try {
                return handler.engine().getSession().getSessionContext();
            } finally {
                ReferenceCountUtil.release(handler.engine());
            }
        } catch (SSLException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** Releases its context. */
    public static void release(TlsBackend backend) {
        backend.client().swap(null);
    }

    /** A listener whose clients get no session tickets. */
    public static TlsListener withoutTickets(Issued... certificates) {
        TlsListener listener = new TlsListener("wss");
        listener.swap(identities(certificates), new ServerTerms(Version.TLS_1_2, null, false));
        return listener;
    }

    /** A listener with this name. */
    public static TlsListener named(String name, Issued... certificates) {
        TlsListener listener = new TlsListener(name);
        renew(listener, certificates);
        return listener;
    }

    /**
     * Makes a listener use these session ticket keys.
     *
     * @param keys numbers that stand for keys, the oldest first
     */
    public static TlsListener share(TlsListener listener, int... keys) {
        try {
            listener.use(TicketKeys.parse("ticket.keys", bytes(ticketKeys(keys))));
        } catch (MaterialException e) {
            throw new IllegalArgumentException(e);
        }
        return listener;
    }

    /** The text of these keys in a Secret or file. */
    public static String ticketKeys(int... keys) {
        return IntStream.of(keys)
                .mapToObj(key -> Base64.getEncoder()
                        .encodeToString(ByteBuffer.allocate(32).putInt(key).array()))
                .collect(Collectors.joining("\n"));
    }

    static ServerTerms terms(@Nullable TrustedClients clients) {
        return new ServerTerms(Version.TLS_1_2, clients, true);
    }

    static Map<String, ServerIdentity> identities(Issued... certificates) {
        Map<String, ServerIdentity> identities = new LinkedHashMap<>();
        for (int i = 0; i < certificates.length; i++) {
            identities.put(String.valueOf(i), identity(certificates[i]));
        }
        return identities;
    }

    static ServerIdentity identity(Issued issued) {
        try {
            return ServerIdentity.parse("tls.crt", bytes(issued.certificatePem()), "tls.key", bytes(issued.keyPem()));
        } catch (MaterialException e) {
            throw new IllegalArgumentException(e);
        }
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
