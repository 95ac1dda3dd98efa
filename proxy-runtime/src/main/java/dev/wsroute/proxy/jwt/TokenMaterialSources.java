// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.jwt;

import dev.wsroute.config.DenyListSource;
import dev.wsroute.config.KeySource;
import dev.wsroute.proxy.material.MaterialSource;

/** Creates sources without starting them. */
public interface TokenMaterialSources {

    /** A source that offers a key set under {@link KeySource#key()}. */
    MaterialSource keys(KeySource source);

    /** A source that offers {@value DenyListSource#DATA_KEY}. */
    MaterialSource denyList(DenyListSource source);
}
