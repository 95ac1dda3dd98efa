/** The Kubernetes API, for those who need it: loaded only when it is used. */
@NullMarked
package dev.wsroute.proxy.kube;

import org.jspecify.annotations.NullMarked;
