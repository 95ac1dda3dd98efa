/** TLS on listeners: certificates and their sources, the choice by SNI, and the handlers in front of HTTP. */
@NullMarked
package dev.wsroute.proxy.tls;

import org.jspecify.annotations.NullMarked;
