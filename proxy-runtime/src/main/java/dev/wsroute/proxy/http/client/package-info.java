/** A client's connection: accepting it, its requests one after another, the responses, the end. */
@NullMarked
package dev.wsroute.proxy.http.client;

import org.jspecify.annotations.NullMarked;
