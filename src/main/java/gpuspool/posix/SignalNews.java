package gpuspool.posix;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/**
 * Signals to this process as calls, in place of its end. Java has no public way to that; what every Java since 1.2 has, and what
 * terminal libraries use, is looked for by its name.
 */
public final class SignalNews {
    private SignalNews() {}

    /** Called on a thread of its own. */
    public interface Listener {
        void heard();
    }

    /**
     * From now on this signal is heard instead of obeyed. One that was ignored when the process began stays ignored.
     *
     * @param name without SIG: {@code INT}
     */
    public static void listen(String name, Listener listener) throws IOException {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler call = (proxy, method, arguments) -> {
                if (method.getDeclaringClass() == Object.class) {
                    return ofAnyObject(method.getName(), proxy, arguments, name);
                }
                listener.heard();
                return null;
            };
            Object proxy = Proxy.newProxyInstance(SignalNews.class.getClassLoader(), new Class<?>[] {handler}, call);
            Object one = signal.getConstructor(String.class).newInstance(name);
            Object unused = signal.getMethod("handle", signal, handler).invoke(null, one, proxy);
        } catch (InvocationTargetException e) {
            // Where Java was told to leave signals alone (-Xrs), they end the process as ever.
            throw new IOException("cannot listen for SIG" + name + ": " + e.getCause(), e);
        } catch (ReflectiveOperationException e) {
            throw new IOException("cannot listen for SIG" + name + ": this Java has no sun.misc.Signal", e);
        }
    }

    private static Object ofAnyObject(String method, Object proxy, Object[] arguments, String name) {
        return switch (method) {
            case "equals" -> proxy == arguments[0];
            case "hashCode" -> name.hashCode();
            default -> "listener of SIG" + name;
        };
    }
}
