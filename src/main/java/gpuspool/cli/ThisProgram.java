package gpuspool.cli;

import java.nio.file.Path;
import java.util.List;

/** This very program, for starting it once more. */
final class ThisProgram {
    private ThisProgram() {}

    /** How it was started: a program and its first arguments. */
    static List<String> command() {
        String packed = System.getProperty("gpuspool.launcher");
        if (packed != null) {
            return List.of(packed);
        }
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName());
    }
}
