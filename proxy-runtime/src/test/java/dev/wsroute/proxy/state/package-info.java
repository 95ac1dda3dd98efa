@NullMarked
package dev.wsroute.proxy.state;

import org.jspecify.annotations.NullMarked;
