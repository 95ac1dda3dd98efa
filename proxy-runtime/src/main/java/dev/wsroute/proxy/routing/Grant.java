// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.routing;

import dev.wsroute.config.NameValue;
import dev.wsroute.proxy.drain.CloseReason;
import dev.wsroute.proxy.drain.ConnectionRights;
import dev.wsroute.proxy.drain.ConnectionWatch;
import dev.wsroute.proxy.drain.Subject;
import dev.wsroute.proxy.drain.TokenNames;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the access checks of one request found out: who sent it, what the backend must not see of it or gets in addition, and what
 * the response gets. Each check adds its part. Confined to the event loop of the request.
 */
public final class Grant {

    /** Of requests that nothing checks. Must not be changed. */
    public static final Grant NONE = new Grant();

    private @Nullable Subject subject;
    private @Nullable String note;
    private final List<String> removedHeaders = new ArrayList<>(0);
    private final List<String> removedCookies = new ArrayList<>(0);
    private final List<String> removedParameters = new ArrayList<>(0);
    private final List<NameValue> requestHeaders = new ArrayList<>(0);
    private final List<NameValue> responseHeaders = new ArrayList<>(0);
    private @Nullable Offer offer;
    private @Nullable TokenNames token;
    private long endsMillis = ConnectionRights.NEVER;
    private int closeCode;
    private CloseReason endReason = CloseReason.TOKEN_EXPIRED;
    private @Nullable ConnectionWatch watch;

    /**
     * The subprotocols of a handshake without those that carry a credential.
     *
     * @param left what the backend is offered, in order
     * @param answer what the client is told if the backend selects none of them; null: none
     */
    public record Offer(List<String> left, @Nullable String answer) {}

    /** Who sent the request; null if unknown. */
    public @Nullable Subject subject() {
        return subject;
    }

    /**
     * Sets who sent the request.
     *
     * @param issuer who says so, without a line break
     * @param name as the issuer has it
     */
    public void subject(String issuer, String name) {
        subject = new Subject(issuer, name);
    }

    /** One sentence for the access log; null for none. */
    public @Nullable String note() {
        return note;
    }

    /** Adds a sentence to the access log, such as what would have been refused. Never contains a credential. */
    public void note(String sentence) {
        note = note == null ? sentence : note + " " + sentence;
    }

    /** Sets what the token of the request may be revoked by while its WebSocket is open. */
    public void token(TokenNames names) {
        token = names;
    }

    /**
     * Ends the right to a WebSocket. If it is called several times, the earliest end counts.
     *
     * @param epochMillis when, in milliseconds since the epoch; it may have passed already
     * @param code close code that both sides get then: 1008, or 4000 to 4999
     */
    public void ends(long epochMillis, int code) {
        ends(epochMillis, code, CloseReason.TOKEN_EXPIRED);
    }

    /** As {@link #ends(long, int)}, for another reason than a token. */
    public void ends(long epochMillis, int code, CloseReason reason) {
        if (epochMillis < endsMillis) {
            endsMillis = epochMillis;
            closeCode = code;
            endReason = reason;
        }
    }

    /** Watches the WebSocket of the request as long as it is open. */
    public void watch(ConnectionWatch watching) {
        watch = watching;
    }

    /** What matters while the WebSocket of the request is open. */
    public ConnectionRights rights() {
        boolean ends = endsMillis != ConnectionRights.NEVER;
        return subject == null && token == null && !ends && watch == null
                ? ConnectionRights.NONE
                : new ConnectionRights(
                        subject,
                        token,
                        endsMillis,
                        ends ? closeCode : ConnectionRights.NONE.closeCode(),
                        endReason,
                        watch);
    }

    /** Approximate heap usage in bytes of what matters while the WebSocket is open. */
    public int rightsBytes() {
        return rights().bytes();
    }

    /** Removes a header from the request. */
    public void removeHeader(String name) {
        removedHeaders.add(name);
    }

    /** Removes all cookies of this name from the request. */
    public void removeCookie(String name) {
        removedCookies.add(name);
    }

    /** Removes all query parameters of this name from the request. */
    public void removeParameter(String name) {
        removedParameters.add(name);
    }

    /** Offers other subprotocols to the backend than the client does. */
    public void offer(Offer other) {
        offer = other;
    }

    /**
     * Sets a header of the backend's request. The client's headers of this name are dropped, and those that a CGI-like backend
     * could confuse with it. So is what an earlier check has set.
     *
     * @param value null: only drops them
     */
    public void requestHeader(String name, @Nullable String value) {
        removedHeaders.add(name);
        requestHeaders.removeIf(header -> header.name().equalsIgnoreCase(name));
        if (value != null) {
            requestHeaders.add(new NameValue(name, value));
        }
    }

    /** Sets a header of the response, also of a response of the proxy's own. */
    public void responseHeader(String name, String value) {
        responseHeaders.add(new NameValue(name, value));
    }

    public List<String> removedHeaders() {
        return removedHeaders;
    }

    public List<String> removedCookies() {
        return removedCookies;
    }

    public List<String> removedParameters() {
        return removedParameters;
    }

    public List<NameValue> requestHeaders() {
        return requestHeaders;
    }

    public List<NameValue> responseHeaders() {
        return responseHeaders;
    }

    /** Null to offer what the client does. */
    public @Nullable Offer offer() {
        return offer;
    }
}
