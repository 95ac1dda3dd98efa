@NullMarked
package dev.wsroute.proxy.report;

import org.jspecify.annotations.NullMarked;
