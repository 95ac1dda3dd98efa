// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.memory;

/** User event that a channel's handlers receive just before the channel is reset to free its memory. */
public enum Eviction {
    EVENT
}
