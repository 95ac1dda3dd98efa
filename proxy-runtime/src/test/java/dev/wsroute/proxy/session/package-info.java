@NullMarked
package dev.wsroute.proxy.session;

import org.jspecify.annotations.NullMarked;
