/**
 * Contains what is thrown for one connection: it resets that connection and harms neither the event loop nor others.
 */
@NullMarked
package dev.wsroute.proxy.containment;

import org.jspecify.annotations.NullMarked;
