package gpuspool.cli;

import gpuspool.view.Style;
import picocli.CommandLine.Option;

/** {@code --color}, of verbs that show pages. */
final class ColourOption {
    @Option(
            names = "--color",
            paramLabel = "WHEN",
            defaultValue = "auto",
            order = 80,
            description = "colours for states: auto (on a terminal, unless $$NO_COLOR is set), always or never")
    private Style.When when = Style.When.AUTO;

    Style style(Invocation call) {
        return Screen.of(call, when);
    }
}
