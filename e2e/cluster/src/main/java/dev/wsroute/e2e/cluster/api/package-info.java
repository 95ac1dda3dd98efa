/** An in-memory Kubernetes API server over HTTP: a test double and a try-it-out tool, never for production. */
@NullMarked
package dev.wsroute.e2e.cluster.api;

import org.jspecify.annotations.NullMarked;
