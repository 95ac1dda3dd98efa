package dev.wsroute.proxy.memory;

/** Told to a channel's handlers right before it is reset, for what it holds is needed by others. */
public enum Eviction {
    EVENT
}
