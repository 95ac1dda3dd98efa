/** Documents other than objects: discovery, OpenAPI, tables. */
@NullMarked
package dev.wsroute.e2e.cluster.api.view;

import org.jspecify.annotations.NullMarked;
