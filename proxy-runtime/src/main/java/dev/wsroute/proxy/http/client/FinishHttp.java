package dev.wsroute.proxy.http.client;

/** Fired down a client's pipeline when the proxy shuts down: a connection that waits for a further request ends. */
public enum FinishHttp {
    EVENT
}
