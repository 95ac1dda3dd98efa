/** A node in miniature: runs pods as local processes and forwards Services of type LoadBalancer. */
@NullMarked
package dev.wsroute.e2e.cluster.node;

import org.jspecify.annotations.NullMarked;
