package dev.wsroute.config;

/**
 * Which state of its source a {@link ProxyConfig} was compiled from.
 *
 * @param generation {@code metadata.generation} of the route
 * @param hash of the document's content without this field: two documents of one generation can differ, since the
 *     names of service ports are looked up when the operator compiles
 */
public record ConfigVersion(long generation, String hash) {

    @Override
    public String toString() {
        return generation + "-" + hash;
    }
}
