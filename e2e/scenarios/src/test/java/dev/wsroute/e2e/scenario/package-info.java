/**
 * What a user relies on, on any cluster: the tests know a kubeconfig and nothing else. Invariants of the architecture
 * are named I1 to I9 in the display names.
 */
@NullMarked
package dev.wsroute.e2e.scenario;

import org.jspecify.annotations.NullMarked;
