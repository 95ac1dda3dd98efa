// SPDX-License-Identifier: Apache-2.0
/** What the tests of all modules share. */
@NullMarked
package dev.wsroute.testkit;

import org.jspecify.annotations.NullMarked;
