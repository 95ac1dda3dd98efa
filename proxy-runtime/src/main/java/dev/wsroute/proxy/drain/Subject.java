// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.drain;

/**
 * Who a client is. Two of them are equal only if the same one says so: a name is chosen by its issuer, and others may choose the same.
 *
 * @param issuer the issuer of its token; {@code apiKeys}, {@code basic} or {@code external} if another part of the access rules says so
 * @param name as the issuer has it
 */
public record Subject(String issuer, String name) {

    /** Both as one text, equal for equal subjects only: no issuer has a line break. */
    public String key() {
        return issuer + "\n" + name;
    }

    /** Approximate heap usage in bytes. */
    public int bytes() {
        return issuer.length() + name.length();
    }
}
