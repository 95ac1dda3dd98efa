/** What surrounds the reconciler in the process: health, metrics, logs. */
@NullMarked
package dev.wsroute.operator.admin;

import org.jspecify.annotations.NullMarked;
