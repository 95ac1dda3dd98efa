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
public record ConditionValue(ConditionType type, Status status, String reason, String sentence) {

    /** Whether a condition holds. */
    public enum Status {
        True,
        False,
        Unknown
    }

    static ConditionValue yes(ConditionType type, String reason, String sentence) {
        return new ConditionValue(type, Status.True, reason, sentence);
    }

    static ConditionValue no(ConditionType type, String reason, String sentence) {
        return new ConditionValue(type, Status.False, reason, sentence);
    }

    static ConditionValue unknown(ConditionType type, String reason, String sentence) {
        return new ConditionValue(type, Status.Unknown, reason, sentence);
    }

    boolean holds() {
        return status == Status.True;
    }

    /** The same status, reason and message for another condition. */
    ConditionValue as(ConditionType other) {
        return new ConditionValue(other, status, reason, sentence);
    }
}
