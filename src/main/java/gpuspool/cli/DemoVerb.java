package gpuspool.cli;

/** {@code gpuspool demo}: shows a spool at work on simulated GPUs. */
final class DemoVerb extends Verb {
    DemoVerb(Invocation call) {
        super(call);
    }

    @Override
    public Integer call() {
        say("is not part of this build");
        return ExitStatus.FAILED.code;
    }
}
