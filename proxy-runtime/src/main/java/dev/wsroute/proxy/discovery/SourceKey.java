// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.discovery;

import dev.wsroute.config.BackendConfig;
import dev.wsroute.config.BackendConfig.EndpointSliceRef;

/** Identifies where a backend's endpoints come from. Backends with equal keys share one source. */
public sealed interface SourceKey {

    /**
     * The EndpointSlices of a Service.
     *
     * @param namespace namespace of the Service
     * @param service name namespace of the Service
     * @param portName name of the port in the slices
     */
    record Slices(String namespace, String service, String portName) implements SourceKey {

        /** {@code namespace/pod (address:port)}: the pod's name, and the address that the access log has. */
        @Override
        public String nameOf(Endpoint endpoint) {
            String address = SourceKey.super.nameOf(endpoint);
            return endpoint.podName() == null ? address : namespace + "/" + endpoint.podName() + " (" + address + ")";
        }

        @Override
        public String toString() {
            return "endpointslices/" + namespace + "/" + service + ":" + portName;
        }
    }

    /**
     * Endpoints listed in the document. Editing the list does not change the key.
     *
     * @param route its route
     * @param rule the rule in the route
     * @param backend the backend in the rule
     */
    record Listed(String route, String rule, String backend) implements SourceKey {

        @Override
        public String toString() {
            return "listed/" + route + "/" + rule + "/" + backend;
        }
    }

    /**
     * The proxies themselves. They are watched for their zones and to compare their loads; no connection goes to them.
     *
     * @param slices EndpointSlices of the Service in front of them
     */
    record Proxies(Slices slices) implements SourceKey {

        /** The proxies of a document that names their Service. */
        public static Proxies of(EndpointSliceRef ref) {
            return new Proxies(new Slices(ref.namespace(), ref.service(), ref.portName()));
        }

        @Override
        public String nameOf(Endpoint endpoint) {
            return slices.nameOf(endpoint);
        }

        @Override
        public String toString() {
            return "proxies/" + slices.namespace() + "/" + slices.service() + ":" + slices.portName();
        }
    }

    /** The name of an endpoint of this source in log messages. */
    default String nameOf(Endpoint endpoint) {
        return endpoint.address().getHostString() + ":" + endpoint.address().getPort();
    }

    /** The source of a backend's endpoints. */
    static SourceKey of(String route, String rule, BackendConfig backend) {
        EndpointSliceRef slices = backend.endpointSlices();
        return slices == null
                ? new Listed(route, rule, backend.name())
                : new Slices(slices.namespace(), slices.service(), slices.portName());
    }
}
