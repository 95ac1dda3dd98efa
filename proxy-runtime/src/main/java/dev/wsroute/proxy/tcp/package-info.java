/** TCP sockets that epoll drives, as channels of Netty's that cost few system calls. */
@NullMarked
package dev.wsroute.proxy.tcp;

import org.jspecify.annotations.NullMarked;
