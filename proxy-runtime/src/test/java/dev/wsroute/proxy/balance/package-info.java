@NullMarked
package dev.wsroute.proxy.balance;

import org.jspecify.annotations.NullMarked;
