// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.client;

/** User event that closes idle HTTP connections when the proxy shuts down. */
public enum FinishHttp {
    EVENT
}
