package io.bertfinetune;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/**
 * {@code sun.misc.Signal}, by name: the JDK has nothing else that hears a signal, supports this class in
 * {@code jdk.unsupported}, and warns of every line that names it.
 */
final class Signals {
    private Signals() {}

    /**
     * Hands SIGTERM to this action instead of whoever had it.
     *
     * @return whoever had it, for {@link #giveTermBack}
     * @throws IllegalArgumentException if the JVM keeps the signal to itself
     */
    static Object onTerm(Runnable action) {
        Class<?> handler = named("sun.misc.SignalHandler");
        return handle(Proxy.newProxyInstance(
                Signals.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, args) -> {
                    if (method.getName().equals("handle")) {
                        action.run();
                        return null;
                    }
                    return switch (method.getName()) {
                        case "equals" -> proxy == args[0];
                        case "hashCode" -> System.identityHashCode(proxy);
                        default -> "Sigterm";
                    };
                }));
    }

    static void giveTermBack(Object handler) {
        handle(handler);
    }

    static void raiseTerm() {
        call("raise", new Class<?>[] {named("sun.misc.Signal")}, term());
    }

    private static Object handle(Object handler) {
        Class<?>[] types = {named("sun.misc.Signal"), named("sun.misc.SignalHandler")};
        return call("handle", types, term(), handler);
    }

    private static Object term() {
        try {
            return named("sun.misc.Signal").getConstructor(String.class).newInstance("TERM");
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("sun.misc.Signal cannot be made", e);
        }
    }

    private static Object call(String name, Class<?>[] types, Object... args) {
        try {
            Method method = named("sun.misc.Signal").getMethod(name, types);
            return method.invoke(null, args);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException("sun.misc.Signal." + name + " failed", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("sun.misc.Signal." + name + " cannot be called", e);
        }
    }

    private static Class<?> named(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(name + " is not there: the JVM runs without the module jdk.unsupported", e);
        }
    }
}
