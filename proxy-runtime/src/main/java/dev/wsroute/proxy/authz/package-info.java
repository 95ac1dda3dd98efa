/** External authorization: a service decides about each request, asked as nginx's auth_request does (ADR 55). */
@NullMarked
package dev.wsroute.proxy.authz;

import org.jspecify.annotations.NullMarked;
