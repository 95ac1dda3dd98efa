@NullMarked
package dev.wsroute.proxy.clientaddress;

import org.jspecify.annotations.NullMarked;
