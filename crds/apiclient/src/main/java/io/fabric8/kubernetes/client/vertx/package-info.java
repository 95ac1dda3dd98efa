// SPDX-License-Identifier: Apache-2.0
/**
 * Subclasses of fabric8's Vert.x client, in its package because its constructors are package-private (ADR 43). Not marked
 * for null checks, since that would mark fabric8's classes, too.
 */
package io.fabric8.kubernetes.client.vertx;
