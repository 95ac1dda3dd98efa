// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks the fields of records, and of the records inside them, against their annotations. */
final class FieldChecks {

    private static final ClassValue<Plan> PLANS = new ClassValue<>() {
        @Override
        protected Plan computeValue(Class<?> type) {
            return Plan.of(type);
        }
    };

    private final Problems problems;
    private final ExpressionChecks expressions;

    FieldChecks(Problems problems) {
        this.problems = problems;
        this.expressions = new ExpressionChecks(problems);
    }

    /** @param path of the record, empty for a document's root */
    void check(String path, Record record) {
        Plan plan = PLANS.get(record.getClass());
        int before = problems.found().size();
        for (Field field : plan.fields) {
            Object value = invoke(field.component.getAccessor(), record);
            if (value != null && !problems.isFull()) {
                field(path.isEmpty() ? field.name : path + "." + field.name, field, value);
            }
        }
        for (Check check : plan.checks) {
            Object outcome = invoke(check.method, record);
            if (outcome instanceof String violation) {
                problems.add(path, check.message + ", got " + violation);
            } else if (Boolean.FALSE.equals(outcome)) {
                violated(path, check, record);
            }
        }
        boolean sound = problems.found().size() == before;
        if (sound && record instanceof PathMatch match && match.type() == PathMatch.Type.RegularExpression) {
            expressions.check(path + ".value", match.value());
        }
    }

    private void violated(String path, Check check, Record record) {
        Method field = check.field;
        if (field == null) {
            problems.add(path, check.message);
        } else {
            problems.add(path + "." + field.getName(), check.message + ", got \"" + invoke(field, record) + "\"");
        }
    }

    private void field(String path, Field field, Object value) {
        if (value instanceof List<?> items) {
            if (field.notEmpty != null && items.isEmpty()) {
                problems.add(path, "must hold at least one " + field.notEmpty.value());
            }
            if (field.distinct != null) {
                distinct(path, items, field.distinct.ignoreCase());
            }
            for (int i = 0; i < items.size() && !problems.isFull(); i++) {
                value(path + "[" + i + "]", field, items.get(i));
            }
        } else {
            value(path, field, value);
        }
    }

    private void value(String path, Field field, Object value) {
        if (field.pair != null && value instanceof NameValue pair) {
            bounds(path + ".name", field.pair.name, pair.name());
            bounds(path + ".value", field.pair.value, pair.value());
        } else if (value instanceof Record record) {
            check(path, record);
        } else {
            bounds(path, field.bounds, value);
        }
    }

    private void bounds(String path, List<Bound> bounds, Object value) {
        for (Bound bound : bounds) {
            if (!bound.holds().test(value)) {
                problems.add(path, bound.sentence() + bound.got().apply(value));
                return;
            }
        }
    }

    private void distinct(String path, List<?> items, boolean ignoreCase) {
        Map<String, Integer> seen = new HashMap<>();
        for (int i = 0; i < items.size() && !problems.isFull(); i++) {
            String name = name((Record) items.get(i));
            Integer earlier = seen.putIfAbsent(ignoreCase ? name.toLowerCase(Locale.ROOT) : name, i);
            if (earlier != null) {
                problems.notUnique(path + "[" + i + "].name", name, path + "[" + earlier + "].name");
            }
        }
    }

    private static String name(Record item) {
        for (Field field : PLANS.get(item.getClass()).fields) {
            if (field.name.equals("name")) {
                return String.valueOf(invoke(field.component.getAccessor(), item));
            }
        }
        throw new IllegalStateException(item.getClass() + " has no name");
    }

    private static @Nullable Object invoke(Method method, Record record) {
        try {
            return method.invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(method + " cannot be called", e);
        }
    }

    private record Pair(List<Bound> name, List<Bound> value) {

        static @Nullable Pair of(RecordComponent component) {
            Pairs pairs = component.getAnnotation(Pairs.class);
            return pairs == null ? null : new Pair(Bound.of(pairs.name()), Bound.of(pairs.value()));
        }
    }

    private record Field(
            String name,
            RecordComponent component,
            List<Bound> bounds,
            @Nullable Pair pair,
            @Nullable Distinct distinct,
            @Nullable NotEmpty notEmpty) {}

    /** @param field whose value is at fault; null for the object as a whole */
    private record Check(
            Method method, String message, @Nullable Method field) {

        static Check of(Method method) {
            Rule rule = method.getAnnotation(Rule.class);
            RecordComponent field = RecordFields.of(method.getDeclaringClass()).get(rule.field());
            return new Check(method, rule.message(), field == null ? null : field.getAccessor());
        }
    }

    /** What to check of a record type; reading annotations takes far longer than the checks. */
    private record Plan(List<Field> fields, List<Check> checks) {

        static Plan of(Class<?> type) {
            List<Field> fields = new ArrayList<>();
            RecordFields.of(type)
                    .forEach((name, component) -> fields.add(new Field(
                            name,
                            component,
                            Bound.of(component),
                            Pair.of(component),
                            component.getAnnotation(Distinct.class),
                            component.getAnnotation(NotEmpty.class))));
            List<Check> checks = Arrays.stream(type.getDeclaredMethods())
                    .filter(method -> method.isAnnotationPresent(Rule.class))
                    .map(Check::of)
                    .sorted((a, b) -> a.message.compareTo(b.message))
                    .toList();
            return new Plan(fields, checks);
        }
    }
}
