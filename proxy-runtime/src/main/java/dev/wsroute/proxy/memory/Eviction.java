package dev.wsroute.proxy.memory;

/** Event for a channel's handlers right before it is reset because others need the memory that it holds. */
public enum Eviction {
    EVENT
}
