/** Certificates and keys in PEM. */
@NullMarked
package dev.wsroute.proxy.pem;

import org.jspecify.annotations.NullMarked;
