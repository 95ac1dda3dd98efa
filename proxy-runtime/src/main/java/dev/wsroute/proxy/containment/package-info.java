/**
 * Error containment: an error on one connection resets that connection and affects neither the event loop nor others.
 */
@NullMarked
package dev.wsroute.proxy.containment;

import org.jspecify.annotations.NullMarked;
