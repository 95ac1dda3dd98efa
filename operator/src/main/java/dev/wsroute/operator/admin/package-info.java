/** Health, metrics and logging of the process. */
@NullMarked
package dev.wsroute.operator.admin;

import org.jspecify.annotations.NullMarked;
