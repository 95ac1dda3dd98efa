/** Tests of the packaged proxy with real clients and no cluster: browsers, Node, Python, Java, curl. */
@NullMarked
package dev.wsroute.e2e.clients;

import org.jspecify.annotations.NullMarked;
