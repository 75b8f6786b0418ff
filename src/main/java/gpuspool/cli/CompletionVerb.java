package gpuspool.cli;

import java.io.IOException;
import picocli.CommandLine.Parameters;

/** {@code gpuspool completion}: what a shell is to read so that Tab knows verbs, options and jobs. */
final class CompletionVerb extends Verb {
    @Parameters(paramLabel = "SHELL", description = "bash, zsh or fish")
    private Completion.Shell shell;

    CompletionVerb(Invocation call) {
        super(call);
    }

    @Override
    public Integer call() throws IOException {
        call.out().print(new Completion(VerbModel.all(call)).text(shell));
        return ExitStatus.OK.code;
    }
}
