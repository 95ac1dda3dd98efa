/**
 * Tables of input and expected output of the proxy, byte for byte. Each case names its RFC section. Two tests run them over
 * sockets, whole and split into pieces.
 */
@NullMarked
package dev.wsroute.proxy.wire;

import org.jspecify.annotations.NullMarked;
