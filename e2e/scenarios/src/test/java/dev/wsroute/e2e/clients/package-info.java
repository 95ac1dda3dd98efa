/** Tests of the packaged proxy with real clients, with TLS and without: browsers, Node, Python, Java, curl. No cluster. */
@NullMarked
package dev.wsroute.e2e.clients;

import org.jspecify.annotations.NullMarked;
