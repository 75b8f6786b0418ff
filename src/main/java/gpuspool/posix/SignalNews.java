package gpuspool.posix;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
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
                    return method.getName().equals("equals")
                            ? (Object) (proxy == arguments[0])
                            : method.getName().equals("hashCode") ? (Object) name.hashCode() : name;
                }
                listener.heard();
                return null;
            };
            Object proxy = Proxy.newProxyInstance(SignalNews.class.getClassLoader(), new Class<?>[] {handler}, call);
            Object one = signal.getConstructor(String.class).newInstance(name);
            Object unused = signal.getMethod("handle", signal, handler).invoke(null, one, proxy);
        } catch (java.lang.reflect.InvocationTargetException e) {
            // Where Java was told to leave signals alone (-Xrs), they end the process as ever.
            throw new IOException("cannot listen for SIG" + name + ": " + e.getCause(), e);
        } catch (ReflectiveOperationException e) {
            throw new IOException("cannot listen for SIG" + name + ": this Java has no sun.misc.Signal", e);
        }
    }
}
