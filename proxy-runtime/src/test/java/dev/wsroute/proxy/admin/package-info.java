@NullMarked
package dev.wsroute.proxy.admin;

import org.jspecify.annotations.NullMarked;
