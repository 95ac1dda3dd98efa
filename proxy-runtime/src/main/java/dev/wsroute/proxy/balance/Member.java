package dev.wsroute.proxy.balance;

import dev.wsroute.proxy.discovery.Endpoint;

/** An endpoint that may be chosen, with its load. */
record Member(Endpoint endpoint, EndpointLoad load) {}
