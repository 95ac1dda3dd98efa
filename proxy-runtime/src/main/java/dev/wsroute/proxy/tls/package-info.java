/** TLS on listeners and towards backends: certificates and their sources, the choice by SNI, verification, handlers. */
@NullMarked
package dev.wsroute.proxy.tls;

import org.jspecify.annotations.NullMarked;
