// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.testkit;

import dev.wsroute.proxy.metrics.TunnelMeter;
import dev.wsroute.proxy.routing.EndpointLease;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Wraps the interfaces that the proxy's connections call, and throws an {@link Error} from the method that is armed. Also
 * wraps returned objects that belong to one connection.
 */
public final class Traps {

    /** Traps that are not armed. */
    public static final Traps NONE = new Traps();

    private static final List<Class<?>> RETURNED = List.of(TunnelMeter.class, EndpointLease.class);

    private final AtomicInteger sprung = new AtomicInteger();
    private volatile @Nullable Method armed;
    /** Number of calls that still succeed before one throws; negative: all. */
    private final AtomicInteger passing = new AtomicInteger(-1);

    /** The interfaces whose methods can be armed. */
    public static Stream<Method> hooks(Class<?>... types) {
        return Stream.of(types)
                .flatMap(type -> Stream.of(type.getDeclaredMethods()))
                .filter(method -> Modifier.isAbstract(method.getModifiers()));
    }

    /** Makes this method throw. */
    public void arm(Method method) {
        armed = method;
    }

    /** Makes the call after {@code passed} more calls throw, whichever method it is. */
    public void armCall(int passed) {
        passing.set(passed);
    }

    /** Disarms all methods. Returns how many calls have thrown. */
    public int disarm() {
        armed = null;
        passing.set(-1);
        return sprung.get();
    }

    /** Wraps {@code target}, so that its calls may throw. */
    public <T> T set(Class<T> type, T target) {
        if (this == NONE) {
            return target;
        }
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) -> call(target, method, arguments)));
    }

    private Object call(Object target, Method method, Object[] arguments) throws Throwable {
        if (method.equals(armed) || passing.getAndUpdate(left -> Math.max(-1, left - 1)) == 0) {
            sprung.incrementAndGet();
            throw new TrapError(method.toString());
        }
        try {
            Object result = method.invoke(target, arguments);
            for (Class<?> type : RETURNED) {
                if (type.isInstance(result)) {
                    return trapped(type, result);
                }
            }
            return result;
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private <T> T trapped(Class<T> type, Object result) {
        return set(type, type.cast(result));
    }

    /** The error that is thrown. */
    private static final class TrapError extends Error {

        private static final long serialVersionUID = 1L;

        TrapError(String method) {
            super(method, null, false, false);
        }
    }
}
