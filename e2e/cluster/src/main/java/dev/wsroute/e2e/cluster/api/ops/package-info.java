/** The verbs: create, get, list, update, patch, apply, delete, scale. */
@NullMarked
package dev.wsroute.e2e.cluster.api.ops;

import org.jspecify.annotations.NullMarked;
