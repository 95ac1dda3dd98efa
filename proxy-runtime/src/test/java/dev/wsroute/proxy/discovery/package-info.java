@NullMarked
package dev.wsroute.proxy.discovery;

import org.jspecify.annotations.NullMarked;
