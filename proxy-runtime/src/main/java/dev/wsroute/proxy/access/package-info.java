// SPDX-License-Identifier: Apache-2.0
/** The access rules of a route's rule: who may connect. */
@NullMarked
package dev.wsroute.proxy.access;

import org.jspecify.annotations.NullMarked;
