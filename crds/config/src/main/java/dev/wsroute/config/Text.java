// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The length of a text in Unicode characters, and its format; on a list, those of each item. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Text {

    int min() default 1;

    int max();

    TextForm form() default TextForm.ANY;
}
