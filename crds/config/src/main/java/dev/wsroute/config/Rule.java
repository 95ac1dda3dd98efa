// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What must hold between the fields of an object. On a method without parameters, the method says in Java whether it
 * holds. On a record, the rule is for the API server alone: the parser has a more exact check of its own.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
@Repeatable(Rule.List.class)
public @interface Rule {

    /** The same in CEL, where {@code self} is the object; true if the rule holds. */
    String cel();

    /** Completes a sentence that begins with the object's path, such as "needs path or hostname". */
    String message();

    /** Several rules of one record. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.TYPE)
    @interface List {

        Rule[] value();
    }
}
