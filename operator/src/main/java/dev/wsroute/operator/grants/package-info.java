/** What other namespaces permit routes: the ReferenceGrants of Gateway API, if the cluster has them. */
@NullMarked
package dev.wsroute.operator.grants;

import org.jspecify.annotations.NullMarked;
