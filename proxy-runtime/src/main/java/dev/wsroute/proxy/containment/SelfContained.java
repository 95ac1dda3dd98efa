// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.containment;

import io.netty.channel.IoHandle;

/** A socket that contains its own errors and resets its connection. Faster than wrapping it. */
public interface SelfContained extends IoHandle {

    @Override
    void close();
}
