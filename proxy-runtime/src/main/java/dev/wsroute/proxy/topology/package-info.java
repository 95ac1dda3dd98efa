// SPDX-License-Identifier: Apache-2.0
/** Which zone this proxy runs in, and how many of the proxies do (ADR 49). */
@NullMarked
package dev.wsroute.proxy.topology;

import org.jspecify.annotations.NullMarked;
