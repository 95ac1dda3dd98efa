// SPDX-License-Identifier: Apache-2.0
/** Passwords (HTTP Basic) and API keys of machines, which access rules check. */
@NullMarked
package dev.wsroute.proxy.credentials;

import org.jspecify.annotations.NullMarked;
