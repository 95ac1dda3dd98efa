/**
 * A small HTTP server for probes and people, and what a liveness probe answers. Made to be reached by strangers: nobody
 * can hold its places, its memory or its threads.
 */
@NullMarked
package dev.wsroute.admin;

import org.jspecify.annotations.NullMarked;
