package io.bucketbrigade.cli;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Waits for Ctrl-C or a stop from outside.
 *
 * <p>The JVM runs its shutdown hooks all at once, and the embedded PostgreSQL's own hook would take the database away from
 * runs that are still finishing. So the signals are handled before they become a shutdown: the command wakes up, stops things
 * in their order, and ends. A second signal ends the process at once. sun.misc.Signal is one of the internals that stay
 * open (JEP 260); it is called by reflection because javac warns of it in a way that can't be switched off.
 */
final class StopSignal {
    private final CountDownLatch stopped = new CountDownLatch(1);

    StopSignal() {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            Object handler = Proxy.newProxyInstance(
                    StopSignal.class.getClassLoader(), new Class<?>[] {handlerType}, this::invoke);
            Method handle = signal.getMethod("handle", signal, handlerType);
            for (String name : List.of("INT", "TERM")) {
                handle.invoke(null, signal.getConstructor(String.class).newInstance(name), handler);
            }
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            throw new IllegalStateException("signals can't be handled on this JVM", e);
        }
    }

    private @Nullable Object invoke(Object proxy, Method method, Object[] arguments)
            throws InvocationTargetException, IllegalAccessException {
        if (!method.getName().equals("handle")) {
            return method.invoke(this, arguments);
        }
        if (stopped.getCount() == 0) {
            Runtime.getRuntime().halt(130);
        }
        stopped.countDown();
        return null;
    }

    /** Whether it has come. */
    boolean hasCome() {
        return stopped.getCount() == 0;
    }

    void await() throws InterruptedException {
        stopped.await();
    }
}
