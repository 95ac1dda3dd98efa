/** The custom resource {@link dev.wsroute.api.v1alpha1.WebSocketRoute}. The CRD is generated from these types. */
@NullMarked
package dev.wsroute.api.v1alpha1;

import org.jspecify.annotations.NullMarked;
