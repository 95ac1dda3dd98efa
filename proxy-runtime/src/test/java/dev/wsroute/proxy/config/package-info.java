@NullMarked
package dev.wsroute.proxy.config;

import org.jspecify.annotations.NullMarked;
