/** Real clients speak through the packaged proxy, with no cluster: browsers, Node, Python, Java, curl. */
@NullMarked
package dev.wsroute.e2e.clients;

import org.jspecify.annotations.NullMarked;
