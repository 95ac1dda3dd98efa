// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/** The engine's context for connections to backends. */
final class ClientContext extends LazyContext {

    /** Matches the certificate with the host name (RFC 9110 §4.3.4). */
    private static final String HTTPS = "HTTPS";

    private final ClientTerms terms;

    ClientContext(ClientTerms terms) {
        this.terms = terms;
    }

    ClientTerms terms() {
        return terms;
    }

    @Override
    SslContext build() throws SSLException {
        return TlsEngines.client(terms);
    }

    /** Open connections keep the context alive, but their sessions are not resumed any more. */
    @Override
    void retire(SslContext context) {
        BackendSessions.forget(context);
    }

    /**
     * As {@link #newHandler(java.util.function.Function)}.
     *
     * @param hostname SNI, and what the backend's certificate must be valid for
     * @param key of the endpoint whose session may be resumed
     */
    @Nullable SslHandler newHandler(ByteBufAllocator allocator, String hostname, int key) throws SSLException {
        SNIHostName name = new SNIHostName(hostname);
        return newHandler(context -> {
            SSLEngine engine = context.newEngine(allocator, hostname, BackendSessions.port(context, key));
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm(HTTPS);
            parameters.setServerNames(List.of(name));
            engine.setSSLParameters(parameters);
            return engine;
        });
    }
}
