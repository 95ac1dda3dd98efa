/** Field ownership: the sets behind managedFields, and server-side apply. */
@NullMarked
package dev.wsroute.e2e.cluster.api.fields;

import org.jspecify.annotations.NullMarked;
