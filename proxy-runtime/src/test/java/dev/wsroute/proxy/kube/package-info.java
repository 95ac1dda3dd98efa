@NullMarked
package dev.wsroute.proxy.kube;

import org.jspecify.annotations.NullMarked;
