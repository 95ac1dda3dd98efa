// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.config;

import dev.wsroute.config.ProxyConfigParser.DocumentFormat;

/**
 * The text of a document.
 *
 * @param text content
 * @param format JSON or YAML
 * @param strict whether unknown fields are refused, whatever the document's minor version
 */
public record ConfigText(String text, DocumentFormat format, boolean strict) {}
