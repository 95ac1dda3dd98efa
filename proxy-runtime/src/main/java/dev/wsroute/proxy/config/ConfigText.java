package dev.wsroute.proxy.config;

import dev.wsroute.config.ProxyConfigParser.Format;

/**
 * A document as it was found.
 *
 * @param text as it stands
 * @param format how it is spelled
 * @param strict whether fields that are not known are refused whatever the document's minor version
 */
public record ConfigText(String text, Format format, boolean strict) {}
