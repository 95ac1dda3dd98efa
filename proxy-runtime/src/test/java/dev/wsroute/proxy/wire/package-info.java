/**
 * What has to come out of the proxy for what goes in, byte for byte, each case with the section of the RFC that it
 * follows: tables of cases, and two tests that play them over sockets, whole and cut into pieces.
 */
@NullMarked
package dev.wsroute.proxy.wire;

import org.jspecify.annotations.NullMarked;
