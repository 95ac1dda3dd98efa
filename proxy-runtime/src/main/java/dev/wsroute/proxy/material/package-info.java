/** Follows small data that changes while the proxy runs, such as certificates and keys, in Secrets, ConfigMaps and files. */
@NullMarked
package dev.wsroute.proxy.material;

import org.jspecify.annotations.NullMarked;
