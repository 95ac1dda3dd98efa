// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.limits;

import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How much of each resource a proxy pod may request and be limited to: words such as {@code memory=4Gi}; {@code memory=*} is any
 * amount. A resource that is not listed cannot be requested, since some resources are devices of the node.
 */
record Maxima(List<String> words) {

    static final String ANY = "*";

    Maxima {
        words = List.copyOf(words);
    }

    boolean allow(String resource, Quantity amount) {
        Optional<BigDecimal> wanted = amount(amount.toString());
        return of(resource)
                .anyMatch(most -> most.equals(ANY)
                        || (wanted.isPresent()
                                && amount(most)
                                        .filter(limit -> wanted.get().compareTo(limit) <= 0)
                                        .isPresent()));
    }

    /** Whether a pod may have as much of the resource as its node has. */
    boolean allowAny(String resource) {
        return of(resource).anyMatch(ANY::equals);
    }

    private Stream<String> of(String resource) {
        String prefix = resource + "=";
        return words.stream().filter(word -> word.startsWith(prefix)).map(word -> word.substring(prefix.length()));
    }

    /** Kubernetes takes a limit of zero for none. */
    static boolean isLimit(@Nullable Quantity amount) {
        return amount != null
                && amount(amount.toString()).filter(value -> value.signum() > 0).isPresent();
    }

    /** Empty if the text is no quantity. */
    static Optional<BigDecimal> amount(String quantity) {
        try {
            return Optional.of(Quantity.getAmountInBytes(Quantity.parse(quantity)));
        } catch (IllegalArgumentException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    /** The words for a sentence. */
    @Override
    public String toString() {
        return words.isEmpty() ? "none" : String.join(", ", words);
    }
}
