package gpuspool.cli;

import java.util.List;

/** The verbs as help lists them: by what somebody is about to do. Each is in one group. */
enum VerbGroup {
    SUBMIT("Submit", VerbTable.ADD, VerbTable.RUN, VerbTable.PARALLEL),
    LOOK(
            "Look",
            VerbTable.STATUS,
            VerbTable.TOP,
            VerbTable.WEB,
            VerbTable.GPUS,
            VerbTable.SHOW,
            VerbTable.WHY,
            VerbTable.LOG,
            VerbTable.WAIT,
            VerbTable.REPORT),
    CHANGE(
            "Change",
            VerbTable.CANCEL,
            VerbTable.HOLD,
            VerbTable.RELEASE,
            VerbTable.FIRST,
            VerbTable.LAST,
            VerbTable.RETRY,
            VerbTable.CLEAN),
    SERVE(
            "Serve",
            VerbTable.WATCH,
            VerbTable.INIT,
            VerbTable.PAUSE,
            VerbTable.RESUME,
            VerbTable.DRAIN,
            VerbTable.DOCTOR),
    LEARN("Learn", VerbTable.DEMO, VerbTable.CHECK, VerbTable.MAN, VerbTable.COMPLETION);

    final String heading;

    @SuppressWarnings("ImmutableEnumChecker") // From List.of.
    final List<VerbTable> verbs;

    VerbGroup(String heading, VerbTable... verbs) {
        this.heading = heading;
        this.verbs = List.of(verbs);
    }
}
