@NullMarked
package dev.wsroute.config;

import org.jspecify.annotations.NullMarked;
