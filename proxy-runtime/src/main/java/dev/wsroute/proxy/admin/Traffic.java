// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.admin;

import java.util.Map;

/** Current numbers of connections. Thread-safe. */
public interface Traffic {

    /** Live WebSockets. */
    int connections();

    /** Numbers of connections waiting to be closed, by reason, without zeros. */
    Map<String, Long> shedding();
}
