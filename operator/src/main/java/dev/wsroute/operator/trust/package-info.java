/** Why a peer's certificate is not trusted, in words for users. */
@NullMarked
package dev.wsroute.operator.trust;

import org.jspecify.annotations.NullMarked;
