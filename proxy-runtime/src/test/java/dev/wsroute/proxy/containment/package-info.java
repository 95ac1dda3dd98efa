@NullMarked
package dev.wsroute.proxy.containment;

import org.jspecify.annotations.NullMarked;
