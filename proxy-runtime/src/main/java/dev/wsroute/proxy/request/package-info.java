/** What is known of a request before it is decided where it goes. */
@NullMarked
package dev.wsroute.proxy.request;

import org.jspecify.annotations.NullMarked;
