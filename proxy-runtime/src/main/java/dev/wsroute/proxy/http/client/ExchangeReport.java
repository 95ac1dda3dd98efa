// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.client;

import dev.wsroute.proxy.http.request.Rejection;
import java.net.InetSocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reports the requests of a client's connection to metrics and access log, one after another. */
final class ExchangeReport {

    private final HttpSettings settings;
    /** Null before the first request. */
    private @Nullable ExchangeRecord current;

    ExchangeReport(HttpSettings settings) {
        this.settings = settings;
    }

    /** A request was received, perhaps malformed. */
    ExchangeRecord begin(InetSocketAddress peer) {
        ExchangeRecord begun = new ExchangeRecord(peer);
        current = begun;
        return begun;
    }

    /** Of the request that began last. */
    ExchangeRecord record() {
        return Objects.requireNonNull(current);
    }

    /** The proxy refuses it. */
    void refused(Rejection rejection) {
        int status = rejection.status().code();
        record().status(status);
        settings.metrics().refused(rejection.reason(), status, record().routeOrEmpty());
    }

    /**
     * Its response has ended.
     *
     * @param detail why the response is not the backend's whole response, which makes it no exchange to be counted; null
     *     if it is
     */
    void ended(@Nullable String detail) {
        if (detail == null) {
            count();
            settings.accessLog().log(record().entry(null));
        } else {
            cutOff(detail);
        }
    }

    /** It ended before its response did, for this reason. */
    void cutOff(String detail) {
        record().detail(detail);
        settings.accessLog().log(record().entry(null));
    }

    /** The client disconnected before the end. */
    void abandoned() {
        count();
        cutOff("The client disconnected.");
    }

    private void count() {
        settings.metrics()
                .exchangeEnded(record().routeOrEmpty(), record().backendOrEmpty(), record().status(), record().nanos());
    }
}
