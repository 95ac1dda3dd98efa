package dev.wsroute.proxy.containment;

import io.netty.channel.IoHandle;

/** A socket that lets nothing out by itself, and resets its connection instead: the quickest way. */
public interface SelfContained extends IoHandle {

    @Override
    void close();
}
