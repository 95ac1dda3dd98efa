// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.types;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Quantities in the canonical form that Kubernetes stores: {@code 1000m} becomes {@code 1}, {@code 1024Mi} {@code 1Gi}. */
final class QuantityText {

    private static final Pattern QUANTITY =
            Pattern.compile("([+-]?(?:\\d+\\.?\\d*|\\.\\d+))((?:[eE][+-]?\\d+)|[numkMGTPE]|[KMGTPE]i)?");
    private static final String DECIMAL_SUFFIXES = "EPTGMk";
    private static final String SMALL_SUFFIXES = "mun";
    private static final String BINARY_SUFFIXES = "EPTGMK";
    private static final int LARGEST_POWER = 6;
    private static final BigDecimal THOUSAND = BigDecimal.valueOf(1_000);
    private static final BigInteger KIBI = BigInteger.valueOf(1_024);

    private QuantityText() {}

    /** Returns the canonical form, or the text itself if it is not a quantity. */
    static String canonical(String text) {
        Matcher matcher = QUANTITY.matcher(text.trim());
        if (!matcher.matches()) {
            return text;
        }
        BigDecimal number = new BigDecimal(matcher.group(1));
        String suffix = matcher.group(2) == null ? "" : matcher.group(2);
        if (suffix.endsWith("i")) {
            int power = LARGEST_POWER - BINARY_SUFFIXES.indexOf(suffix.charAt(0));
            return binary(number.multiply(new BigDecimal(KIBI.pow(power))));
        } else if (suffix.length() > 1) {
            return new BigDecimal(matcher.group(1) + suffix)
                                    .stripTrailingZeros()
                                    .scale()
                            > 0
                    ? decimal(new BigDecimal(matcher.group(1) + suffix))
                    : text;
        } else if (suffix.isEmpty()) {
            return decimal(number);
        }
        int large = DECIMAL_SUFFIXES.indexOf(suffix);
        int power = large >= 0 ? LARGEST_POWER - large : -1 - SMALL_SUFFIXES.indexOf(suffix);
        return decimal(number.scaleByPowerOfTen(3 * power));
    }

    private static String decimal(BigDecimal amount) {
        if (amount.signum() == 0) {
            return "0";
        }
        int power = -SMALL_SUFFIXES.length();
        BigDecimal scaled = amount.scaleByPowerOfTen(-3 * power).setScale(0, RoundingMode.UP);
        while (power < LARGEST_POWER && scaled.remainder(THOUSAND).signum() == 0) {
            scaled = scaled.divide(THOUSAND);
            power++;
        }
        String suffix = power == 0
                ? ""
                : power > 0
                        ? DECIMAL_SUFFIXES.substring(LARGEST_POWER - power, LARGEST_POWER - power + 1)
                        : SMALL_SUFFIXES.substring(-power - 1, -power);
        return scaled.toBigInteger() + suffix;
    }

    private static String binary(BigDecimal amount) {
        BigInteger whole = amount.setScale(0, RoundingMode.UP).toBigInteger();
        if (whole.abs().compareTo(KIBI) < 0) {
            return decimal(amount);
        }
        int power = 0;
        while (power < LARGEST_POWER && whole.mod(KIBI).signum() == 0) {
            whole = whole.divide(KIBI);
            power++;
        }
        return power == 0
                ? whole.toString()
                : whole + BINARY_SUFFIXES.substring(LARGEST_POWER - power, LARGEST_POWER - power + 1) + "i";
    }
}
