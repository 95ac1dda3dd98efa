// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.authz;

import dev.wsroute.proxy.routing.RequestFacts;
import io.netty.handler.codec.http.HttpHeaders;

/**
 * What the service is asked about one request.
 *
 * @param headers all headers but Host
 * @param host the Host header; empty to use that of the endpoint
 * @param key equal for requests that differ only in the IDs of requests
 * @param client facts that choose an endpoint and count its failures
 */
record Subrequest(HttpHeaders headers, String host, Fingerprint key, RequestFacts client) {}
