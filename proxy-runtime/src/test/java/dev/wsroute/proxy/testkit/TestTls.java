// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.testkit;

import dev.wsroute.proxy.tls.TlsBackend;
import dev.wsroute.proxy.tls.TlsFixture;
import dev.wsroute.proxy.tls.TlsListener;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** TLS between clients, proxy and backends, for tests of tunnels that run with and without it. */
public final class TestTls {

    /** Property that switches it on: {@code openssl} or {@code jdk}, for the proxy's engine; {@code none} otherwise. */
    private static final String ENGINE = System.getProperty("wsroute.test.tls", "none");

    /** Property that makes every {@link RawBackend} use TLS: {@code true}. */
    private static final boolean BACKENDS = Boolean.getBoolean("wsroute.test.tls.backends");

    /** Host name of the backends. */
    public static final String BACKEND_HOST = "echo.apps.svc";

    private static final class Backends {
        static final TestAuthority CA = TestAuthority.named("backends");
        static final SSLContext SERVER = CA.client(CA.issue("dns:" + BACKEND_HOST));
        static final TlsBackend CLIENT = TlsFixture.backend(BACKEND_HOST, CA, null);
    }

    private static final class Holder {
        static final Certificates CERTIFICATE = certificate();
        static final SSLContext CLIENT = client();
        static final TlsListener LISTENER = listen();
        static final Map<String, SslContext> CONTEXTS = new ConcurrentHashMap<>();
    }

    private TestTls() {}

    /** Whether the clients of every {@link TestProxy} use TLS. */
    public static boolean isOn() {
        return !ENGINE.equals("none");
    }

    /** Whether every {@link RawBackend} uses TLS. */
    public static boolean isOnBackends() {
        return BACKENDS;
    }

    /** The scheme of every {@link TestProxy}. */
    public static String scheme() {
        return isOn() ? "https" : "http";
    }

    /** Whether the peers of the wire suite cut every record: property {@code wsroute.test.tls.cut}. */
    public static boolean cutsRecords() {
        return Boolean.getBoolean("wsroute.test.tls.cut");
    }

    /** TLS to the backends. */
    static TlsBackend backend() {
        return Backends.CLIENT;
    }

    /** The context of the backends. */
    public static SSLContext backendContext() {
        return Backends.SERVER;
    }

    /** Whether the proxy's own TLS handlers are installed, which choose the engine themselves. */
    static boolean isOfListener() {
        return ENGINE.equals("openssl");
    }

    /** TLS of a listener. Shared, so its contexts are never released. */
    static TlsListener listener() {
        return Holder.LISTENER;
    }

    private static TlsListener listen() {
        try {
            return TlsFixture.listener(Holder.CERTIFICATE.certificatePem(), Holder.CERTIFICATE.keyPem());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** For the proxy, with the engine of the property. */
    public static SslContext server() {
        return server(ENGINE.equals("jdk") ? SslProvider.JDK : SslProvider.OPENSSL_REFCNT);
    }

    /** For a server, with this engine. Shared, so never released. */
    public static SslContext server(SslProvider provider, String... protocols) {
        return Holder.CONTEXTS.computeIfAbsent(
                provider + List.of(protocols).toString(), key -> build(provider, protocols));
    }

    private static SslContext build(SslProvider provider, String... protocols) {
        try {
            SslContextBuilder builder = SslContextBuilder.forServer(
                            pem(Holder.CERTIFICATE.certificatePem()), pem(Holder.CERTIFICATE.keyPem()))
                    .sslProvider(provider);
            return (protocols.length == 0 ? builder : builder.protocols(protocols)).build();
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ByteArrayInputStream pem(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static Certificates certificate() {
        try {
            return Certificates.of("dns:localhost,ip:127.0.0.1", "EC");
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** For a client, which trusts every server. */
    public static SSLContext clientContext() {
        return Holder.CLIENT;
    }

    private static SSLContext client() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new TrustsAll()}, new SecureRandom());
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class TrustsAll implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
