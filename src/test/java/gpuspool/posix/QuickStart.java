package gpuspool.posix;

import java.util.List;

/** Options for the many short-lived Java machines of tests: what they load was compiled a moment ago, and is loaded by others too. */
public final class QuickStart {
    public static final List<String> OPTIONS =
            List.of("-XX:TieredStopAtLevel=1", "-XX:+UnlockDiagnosticVMOptions", "-XX:-BytecodeVerificationRemote");

    private QuickStart() {}
}
