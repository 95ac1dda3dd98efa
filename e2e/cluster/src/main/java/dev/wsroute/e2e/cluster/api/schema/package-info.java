/** Structural schemas: parsing, defaulting, pruning, validation, CEL. */
@NullMarked
package dev.wsroute.e2e.cluster.api.schema;

import org.jspecify.annotations.NullMarked;
