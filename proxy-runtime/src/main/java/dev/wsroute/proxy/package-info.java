@NullMarked
package dev.wsroute.proxy;

import org.jspecify.annotations.NullMarked;
