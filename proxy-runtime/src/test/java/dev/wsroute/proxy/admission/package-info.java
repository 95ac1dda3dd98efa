@NullMarked
package dev.wsroute.proxy.admission;

import org.jspecify.annotations.NullMarked;
