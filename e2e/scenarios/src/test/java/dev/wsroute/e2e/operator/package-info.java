/** What the operator writes and when, against the embedded API. */
@org.jspecify.annotations.NullUnmarked
package dev.wsroute.e2e.operator;
