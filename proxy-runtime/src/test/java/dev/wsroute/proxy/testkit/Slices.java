package dev.wsroute.proxy.testkit;

import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointConditions;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPortBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * EndpointSlices in one line. {@code ws=8080 | a@10.0.0.1 b@10.0.0.2:n--} is a slice with port {@code ws} and two
 * endpoints, by pod UID (or {@code -}) and address; the letters after the second colon are ready, serving and
 * terminating: {@code t}rue, {@code f}alse, {@code n} for absent. Without letters all three are absent.
 */
public final class Slices {

    private Slices() {}

    public static EndpointSlice slice(String name, String spec) {
        String[] halves = spec.split("\\|", -1);
        EndpointSliceBuilder slice = new EndpointSliceBuilder()
                .withNewMetadata()
                .withNamespace("apps")
                .withName(name)
                .withResourceVersion("1")
                .addToLabels("kubernetes.io/service-name", "chat")
                .endMetadata()
                .withAddressType(spec.contains("::") ? "IPv6" : "IPv4");
        for (String port : words(halves[0])) {
            String[] parts = port.split("=", -1);
            slice.addToPorts(new EndpointPortBuilder()
                    .withName(parts[0].equals("-") ? null : parts[0])
                    .withPort(Integer.valueOf(parts[1]))
                    .withProtocol("TCP")
                    .build());
        }
        for (String endpoint : words(halves[1])) {
            String[] parts = endpoint.split("@", -1);
            int flags = parts[1].indexOf('/');
            String address = flags < 0 ? parts[1] : parts[1].substring(0, flags);
            EndpointBuilder builder = new EndpointBuilder().withAddresses(address);
            if (!parts[0].equals("-")) {
                builder.withNewTargetRef()
                        .withKind("Pod")
                        .withName("pod-" + parts[0])
                        .withUid(parts[0])
                        .endTargetRef();
            }
            if (flags >= 0) {
                String letters = parts[1].substring(flags + 1);
                builder.withConditions(new EndpointConditions(
                        flag(letters.charAt(0)), flag(letters.charAt(1)), flag(letters.charAt(2))));
            }
            slice.addToEndpoints(builder.build());
        }
        return slice.build();
    }

    private static @Nullable Boolean flag(char letter) {
        return letter == 'n' ? null : Boolean.valueOf(letter == 't');
    }

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        for (String word : text.trim().split(" +", -1)) {
            if (!word.isEmpty()) {
                words.add(word);
            }
        }
        return words;
    }
}
