package dev.wsroute.proxy.codec;

/**
 * How large a message's head may be; the trailer section behind its body has the same limits of its own.
 *
 * @param maxBytes first line and line ends included
 * @param maxLines header lines, the first line not counted
 */
public record HeadLimits(int maxBytes, int maxLines) {}
