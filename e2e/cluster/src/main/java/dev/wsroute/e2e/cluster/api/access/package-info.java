/** Which requests of ServiceAccounts the roles allow. */
@NullMarked
package dev.wsroute.e2e.cluster.api.access;

import org.jspecify.annotations.NullMarked;
