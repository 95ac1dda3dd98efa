// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.scaling;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How many proxies a route gets, and why.
 *
 * @param desired number of proxies from now on
 * @param isLimited whether the load needs more than the maximum
 * @param state why there are as many, and not fewer
 * @param sentence the same for users
 * @param low to be passed to the next decision
 * @param recheck after what time to decide again even if no report arrives; zero: not needed
 */
public record ScalingDecision(
        int desired,
        boolean isLimited,
        State state,
        String sentence,
        @Nullable LowLoad low,
        Duration recheck) {

    /** Why the number is what it is; the reason of the condition {@code ScalingActive}. */
    public enum State {
        /** The connections need them. */
        ConnectionsMeasured,
        /** The CPU that the proxies use needs them. */
        CpuMeasured,
        /** Fewer would be enough, but not for long enough yet. */
        ScaleDownPending,
        /** Fewer would be enough, but a roll-out or a drain is not complete. */
        RolloutRunning,
        /** Fewer would be enough, but not every proxy has reported twice since it, or this operator, started. */
        AwaitingReports,
        /** A proxy is silent: its last report counts, and no proxy ends. */
        ReportsStale,
        /** Fewer would be enough, but the pod that should end could not be chosen. */
        ScaleDownFailed
    }

    /** The same, to be repeated after {@code time}. */
    ScalingDecision recheckedAfter(Duration time) {
        return new ScalingDecision(desired, isLimited, state, sentence, low, time);
    }

    /** The same without a change of the number: it stays {@code current} for the reason of {@code sentence}. */
    public ScalingDecision postponed(int current, State state, String sentence) {
        return new ScalingDecision(current, isLimited, state, sentence, null, recheck);
    }
}
