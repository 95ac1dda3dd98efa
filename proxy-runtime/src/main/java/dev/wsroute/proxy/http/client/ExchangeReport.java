package dev.wsroute.proxy.http.client;

import dev.wsroute.proxy.http.request.Rejection;
import java.net.InetSocketAddress;

/** Tells metrics and access log of one request of a client's connection after another. */
final class ExchangeReport {

    private final HttpSettings settings;
    private ExchangeRecord record;

    ExchangeReport(HttpSettings settings, InetSocketAddress peer) {
        this.settings = settings;
        this.record = new ExchangeRecord(peer);
    }

    /** A request has come, or what should have been one. */
    ExchangeRecord begin(InetSocketAddress peer) {
        record = new ExchangeRecord(peer);
        return record;
    }

    ExchangeRecord record() {
        return record;
    }

    /** The proxy answers it. */
    void refused(Rejection rejection) {
        int status = rejection.status().code();
        record.status(status);
        settings.metrics().refused(rejection.reason(), status, record.routeOrEmpty());
    }

    /** Its response has ended. */
    void ended() {
        count();
        settings.accessLog().log(record.entry(null));
    }

    /**
     * It was refused, or has come to another end of which clients or backends are not told.
     *
     * @param detail why
     */
    void ended(String detail) {
        record.detail(detail);
        settings.accessLog().log(record.entry(null));
    }

    /** The client did not wait for the end. */
    void abandoned() {
        count();
        ended("The client went away.");
    }

    private void count() {
        settings.metrics()
                .exchangeEnded(record.routeOrEmpty(), record.backendOrEmpty(), record.status(), record.nanos());
    }
}
