/** {@link dev.wsroute.api.v1alpha1.WebSocketRoute}, what a user applies; the CRD YAML is generated from these types. */
@NullMarked
package dev.wsroute.api.v1alpha1;

import org.jspecify.annotations.NullMarked;
