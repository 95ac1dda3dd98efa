/** The controllers that a bare API server lacks: Deployment, ReplicaSet, EndpointSlice, garbage collection and smaller ones. */
@NullMarked
package dev.wsroute.e2e.cluster.controllers;

import org.jspecify.annotations.NullMarked;
