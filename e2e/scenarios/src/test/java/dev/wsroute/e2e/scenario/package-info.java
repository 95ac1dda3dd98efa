/**
 * What users rely on. The tests run on any cluster and need only a kubeconfig. Invariants of the architecture
 * are named I1 to I9 in the display names.
 */
@NullMarked
package dev.wsroute.e2e.scenario;

import org.jspecify.annotations.NullMarked;
