package dev.wsroute.proxy.wire;

/** Who speaks. */
enum Peer {
    CLIENT,
    BACKEND;

    Peer other() {
        return this == CLIENT ? BACKEND : CLIENT;
    }
}
