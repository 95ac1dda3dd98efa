/** An in-memory Kubernetes API server over HTTP: a test double and a tool to try wsroute, never for production. */
@NullMarked
package dev.wsroute.e2e.cluster.api;

import org.jspecify.annotations.NullMarked;
