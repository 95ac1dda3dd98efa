// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.status;

/**
 * The value of a condition, without its transition time.
 *
 * @param type of the condition
 * @param status whether it holds
 * @param reason in CamelCase
 * @param sentence the message
 */
public record Verdict(ConditionType type, Status status, String reason, String sentence) {

    /** Whether a condition holds. */
    public enum Status {
        True,
        False,
        Unknown
    }

    static Verdict yes(ConditionType type, String reason, String sentence) {
        return new Verdict(type, Status.True, reason, sentence);
    }

    static Verdict no(ConditionType type, String reason, String sentence) {
        return new Verdict(type, Status.False, reason, sentence);
    }

    static Verdict unknown(ConditionType type, String reason, String sentence) {
        return new Verdict(type, Status.Unknown, reason, sentence);
    }

    boolean holds() {
        return status == Status.True;
    }

    /** The same verdict for another condition. */
    Verdict as(ConditionType other) {
        return new Verdict(other, status, reason, sentence);
    }
}
