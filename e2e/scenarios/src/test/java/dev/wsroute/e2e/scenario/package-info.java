/**
 * What users rely on, on any cluster: the tests need only a kubeconfig. Invariants of the architecture
 * are named I1 to I9 in the display names.
 */
@NullMarked
package dev.wsroute.e2e.scenario;

import org.jspecify.annotations.NullMarked;
