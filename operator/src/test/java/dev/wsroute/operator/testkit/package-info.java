/** What tests of several packages share. */
@NullMarked
package dev.wsroute.operator.testkit;

import org.jspecify.annotations.NullMarked;
