// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.jwks;

import dev.wsroute.config.CaCertificateSource;
import dev.wsroute.operator.compile.KeySetSource.Authorities;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.netty.handler.ssl.SslContext;
import java.security.cert.CertificateException;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the authorities of a route from the API, before each fetch: a watch of all ConfigMaps of a cluster would cost more than a
 * look every few minutes.
 */
final class TrustReader {

    private static final Logger LOG = LoggerFactory.getLogger(TrustReader.class);

    /** In characters, of all bundles together; that of the public authorities is half as large. */
    private static final int MAX_BUNDLES = 512 * 1024;

    private final KubernetesClient client;

    TrustReader(KubernetesClient client) {
        this.client = client;
    }

    /** There are no such authorities. The message is part of a sentence. */
    static final class NoTrustException extends Exception {

        private static final long serialVersionUID = 1;

        NoTrustException(String why) {
            super(why);
        }

        NoTrustException(String why, Throwable cause) {
            super(why, cause);
        }
    }

    /** Blocks until the API has answered. */
    SslContext read(Authorities authorities) throws NoTrustException {
        List<String> bundles = new ArrayList<>();
        int length = 0;
        for (String name : authorities.configMaps()) {
            String bundle = bundle(authorities.namespace(), name);
            length += bundle.length();
            if (length > MAX_BUNDLES) {
                throw new NoTrustException("the CA certificates of caCertificateRefs are larger than 512 kB");
            }
            bundles.add(bundle);
        }
        try {
            return Trust.of(bundles);
        } catch (CertificateException | SSLException e) {
            throw new NoTrustException("the key ca.crt of caCertificateRefs does not hold certificates in PEM", e);
        }
    }

    private String bundle(String namespace, String name) throws NoTrustException {
        try {
            ConfigMap map =
                    client.configMaps().inNamespace(namespace).withName(name).get();
            String text =
                    map == null || map.getData() == null ? null : map.getData().get(CaCertificateSource.DATA_KEY);
            if (text == null) {
                throw new NoTrustException(
                        "ConfigMap " + name + " does not exist, or has no key " + CaCertificateSource.DATA_KEY);
            }
            return text;
        } catch (KubernetesClientException e) {
            LOG.debug("ConfigMap {} cannot be read", name, e);
            throw new NoTrustException("ConfigMap " + name + " cannot be read", e);
        }
    }
}
