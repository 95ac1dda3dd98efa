/** An identity provider that the tests own, and the credentials of their clients. */
@NullMarked
package dev.wsroute.e2e.identity;

import org.jspecify.annotations.NullMarked;
