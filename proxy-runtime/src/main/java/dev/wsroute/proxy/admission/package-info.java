/** Admission control: how many clients may connect, and how fast. */
@NullMarked
package dev.wsroute.proxy.admission;

import org.jspecify.annotations.NullMarked;
