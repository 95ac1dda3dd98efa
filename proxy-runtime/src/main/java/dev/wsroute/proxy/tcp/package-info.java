/** TCP sockets on epoll, as Netty channels that make few system calls. */
@NullMarked
package dev.wsroute.proxy.tcp;

import org.jspecify.annotations.NullMarked;
