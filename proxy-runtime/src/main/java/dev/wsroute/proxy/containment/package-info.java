/** What is thrown for one connection ends that connection, and neither an event loop nor another connection. */
@NullMarked
package dev.wsroute.proxy.containment;

import org.jspecify.annotations.NullMarked;
