/** A client of the Kubernetes API. Its classes are loaded only when it is used. */
@NullMarked
package dev.wsroute.proxy.kube;

import org.jspecify.annotations.NullMarked;
