// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A rule between the fields of an object. On a method without parameters, the method is the same check in Java: it returns
 * whether the rule holds, or, as text, what violates it and null if it holds. On a record, the rule is for the API server only:
 * the parser has a more precise check.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
@Repeatable(Rule.List.class)
public @interface Rule {

    /** The same in CEL, where {@code self} is the object; true if the rule holds. */
    String cel();

    /** Completes a sentence that starts with the path of the object, such as "needs path or hostname". */
    String message();

    /** Name of the text field whose value is at fault, which sentences name and quote. Empty: the object as a whole. */
    String field() default "";

    /** Several rules of one record. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.TYPE)
    @interface List {

        Rule[] value();
    }
}
