package gpuspool.build;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.extension.DynamicTestInvocationContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.opentest4j.TestAbortedException;

/**
 * Makes a skipped test a failed one, unless {@code allowed-skips.txt} has it together with what it needs.
 *
 * <p>A test that skips itself looks like one that passed, and stays so after the thing it waited for is long there. JUnit
 * finds this class by itself (see {@code junit-platform.properties}), so no test can forget it. Annotations that skip
 * are forbidden by {@link TestRulesTest}: they act before any extension is asked.
 */
public final class SkipPolicy implements InvocationInterceptor {
    private static final String LIST = "/allowed-skips.txt";

    private final Map<String, String> allowed;
    private final Consumer<String> report;

    public SkipPolicy() {
        this(allowedSkips(), System.out::println);
    }

    /** With a list of its own (test id → what that test needs), telling {@code report} of each allowed skip. */
    SkipPolicy(Map<String, String> allowed, Consumer<String> report) {
        this.allowed = allowed;
        this.report = report;
    }

    /** The committed list: test id → what that test needs, in the order of the file. */
    static Map<String, String> allowedSkips() {
        try (InputStream in = SkipPolicy.class.getResourceAsStream(LIST)) {
            if (in == null) {
                throw new IllegalStateException("no " + LIST + " on the class path");
            }
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Map<String, String> parse(String text) {
        Map<String, String> ids = new LinkedHashMap<>();
        for (String line : text.lines().toList()) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            int hash = line.indexOf('#');
            String id = (hash < 0 ? line : line.substring(0, hash)).strip();
            String need = hash < 0 ? "" : line.substring(hash + 1).strip();
            if (!id.matches("\\w+(\\.\\w+)*\\.(\\w+|\\*)") || need.isEmpty()) {
                throw new IllegalArgumentException(
                        LIST + ": \"" + line + "\" is not of the form `Class.method  # what it needs`");
            }
            if (ids.put(id, need) != null) {
                throw new IllegalArgumentException(LIST + ": " + id + " is there twice");
            }
        }
        return ids;
    }

    /** {@code Class.method}, or {@code Class.*} where no single test runs; an inner class is {@code Outer.Inner}. */
    static String id(ExtensionContext context) {
        Class<?> type = context.getRequiredTestClass();
        String pkg = type.getPackageName();
        String name = type.getName().substring(pkg.isEmpty() ? 0 : pkg.length() + 1);
        return name.replace('$', '.')
                + "."
                + context.getTestMethod().map(Method::getName).orElse("*");
    }

    private static String reason(TestAbortedException skip) {
        String message = skip.getMessage();
        if (message == null || message.equals("Assumption failed: assumption is not true")) {
            return "an assumption failed";
        }
        return message.replaceFirst("^Assumption failed: ", "");
    }

    private <T> T watched(Invocation<T> invocation, ExtensionContext context) throws Throwable {
        try {
            return invocation.proceed();
        } catch (TestAbortedException skip) {
            String id = id(context);
            if (!allowed.containsKey(id)) {
                throw new AssertionError(
                        id + " skipped itself (" + reason(skip)
                                + "), but is not in allowed-skips.txt. Make it run, or list it there with what it needs.",
                        skip);
            }
            report.accept("SKIPPED " + id + ": " + reason(skip));
            throw skip;
        }
    }

    @Override
    public <T> T interceptTestClassConstructor(
            Invocation<T> invocation, ReflectiveInvocationContext<Constructor<T>> call, ExtensionContext context)
            throws Throwable {
        return watched(invocation, context);
    }

    @Override
    public void interceptBeforeAllMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> call, ExtensionContext context)
            throws Throwable {
        watched(invocation, context);
    }

    @Override
    public void interceptBeforeEachMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> call, ExtensionContext context)
            throws Throwable {
        watched(invocation, context);
    }

    @Override
    public void interceptTestMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> call, ExtensionContext context)
            throws Throwable {
        watched(invocation, context);
    }

    @Override
    public <T> T interceptTestFactoryMethod(
            Invocation<T> invocation, ReflectiveInvocationContext<Method> call, ExtensionContext context)
            throws Throwable {
        return watched(invocation, context);
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> call, ExtensionContext context)
            throws Throwable {
        watched(invocation, context);
    }

    @Override
    public void interceptDynamicTest(
            Invocation<Void> invocation, DynamicTestInvocationContext call, ExtensionContext context) throws Throwable {
        watched(invocation, context);
    }

    @Override
    public void interceptAfterEachMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> call, ExtensionContext context)
            throws Throwable {
        watched(invocation, context);
    }

    @Override
    public void interceptAfterAllMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> call, ExtensionContext context)
            throws Throwable {
        watched(invocation, context);
    }
}
