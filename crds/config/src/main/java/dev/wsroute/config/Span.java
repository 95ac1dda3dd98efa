// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The minimum and maximum of a duration, both inclusive, in the format of {@link Durations}. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Span {

    /** As a minimum: any duration above zero, since the unit of time is a millisecond. */
    String ABOVE_ZERO = "1ms";

    String min() default "0s";

    String max() default "168h";

    /** Whether the default depends on another field, so that a schema cannot state it. */
    boolean dependentDefault() default false;
}
