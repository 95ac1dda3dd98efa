package dev.wsroute.proxy.kube;

/** An object of the API, as far as it is read here. */
public interface ApiObject {

    /** Its {@code metadata.name}. */
    String name();
}
