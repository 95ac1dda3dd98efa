// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.fuzz;

import dev.wsroute.proxy.access.OriginFuzz;
import dev.wsroute.proxy.clientaddress.ProxyHeaderFuzz;
import dev.wsroute.proxy.discovery.SliceMergeFuzz;
import dev.wsroute.proxy.frames.FrameTrackerFuzz;
import dev.wsroute.proxy.handshake.ResponseFuzz;
import dev.wsroute.proxy.http.request.RequestFuzz;
import dev.wsroute.proxy.jwt.KeySetFuzz;
import dev.wsroute.proxy.jwt.TokenFuzz;
import dev.wsroute.proxy.kube.ApiAnswerFuzz;
import dev.wsroute.proxy.tls.ClientHelloFuzz;
import dev.wsroute.proxy.tls.ForwardedCertificateFuzz;
import dev.wsroute.proxy.tls.PemFuzz;
import java.util.Locale;

/** A target of fuzzing. */
enum Target {
    FRAMES(FrameTrackerFuzz.class, FrameTrackerFuzz::fuzzerTestOneInput),
    REQUESTS(RequestFuzz.class, RequestFuzz::fuzzerTestOneInput),
    RESPONSES(ResponseFuzz.class, ResponseFuzz::fuzzerTestOneInput),
    CONFIG(ConfigFuzz.class, ConfigFuzz::fuzzerTestOneInput),
    SLICES(SliceMergeFuzz.class, SliceMergeFuzz::fuzzerTestOneInput),
    API_ANSWERS(ApiAnswerFuzz.class, ApiAnswerFuzz::fuzzerTestOneInput),
    PROXY_HEADERS(ProxyHeaderFuzz.class, ProxyHeaderFuzz::fuzzerTestOneInput),
    CLIENT_HELLOS(ClientHelloFuzz.class, ClientHelloFuzz::fuzzerTestOneInput),
    PEM(PemFuzz.class, PemFuzz::fuzzerTestOneInput),
    FORWARDED_CERTIFICATES(ForwardedCertificateFuzz.class, ForwardedCertificateFuzz::fuzzerTestOneInput),
    TOKENS(TokenFuzz.class, TokenFuzz::fuzzerTestOneInput),
    KEY_SETS(KeySetFuzz.class, KeySetFuzz::fuzzerTestOneInput),
    ORIGINS(OriginFuzz.class, OriginFuzz::fuzzerTestOneInput);

    /** Runs one input. */
    interface Input {
        void take(byte[] data) throws Exception;
    }

    final Class<?> type;
    final Input input;

    Target(Class<?> type, Input input) {
        this.type = type;
        this.input = input;
    }

    /** Also names the folder with its inputs. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
