package gpuspool.posix;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** This program as one of the many short-lived Java machines of tests. */
public final class QuickStart {
    /** What they load was compiled a moment ago, and is loaded by others too. */
    public static final List<String> OPTIONS = List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:-BytecodeVerificationRemote");

    private QuickStart() {}

    /** The command line of {@code gpuspool} with these words. */
    public static List<String> program(String... words) {
        return program(List.of(), List.of(words));
    }

    /** @param jvm further options of the Java machine */
    public static List<String> program(List<String> jvm, List<String> words) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(OPTIONS);
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(jvm);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "gpuspool.cli.Main"));
        command.addAll(words);
        return command;
    }
}
