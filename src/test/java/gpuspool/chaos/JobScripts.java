package gpuspool.chaos;

import java.util.List;
import java.util.Random;

/** Makes job files of many kinds, each of which writes its own life into a {@link Ledger}. */
public final class JobScripts {
    /** What a job does. */
    public enum Kind {
        /** Ends at once with 0. */
        TRUE,
        /** Ends with another code. */
        FAILS,
        /** Prints many lines, the last one without a line feed. */
        LINES,
        /** Two cards for some milliseconds. */
        TWO_CARDS,
        /** Works for 20 to 200 ms. */
        NAP,
        /** Works for one to two seconds: long enough to be hit. */
        LONG,
        /** Leaves a process in a session of its own behind. */
        STRAY,
        /** Kills itself by a signal. */
        SIGNALLED,
        /** Ignores TERM and never ends by itself; has one second. */
        DEAF,
        /** Standard error apart. */
        SPLIT,
        /** No card. */
        NO_CARD,
        /** A TOML file. */
        TOML,
        /** Asks for what can never be had. */
        REFUSED
    }

    /** One draw in this many shows each; the dear ones are rare. */
    private static final List<Kind> MIX = List.of(
            Kind.TRUE,
            Kind.TRUE,
            Kind.TRUE,
            Kind.FAILS,
            Kind.FAILS,
            Kind.LINES,
            Kind.LINES,
            Kind.TWO_CARDS,
            Kind.TWO_CARDS,
            Kind.NAP,
            Kind.NAP,
            Kind.NAP,
            Kind.NAP,
            Kind.STRAY,
            Kind.SIGNALLED,
            Kind.SPLIT,
            Kind.NO_CARD,
            Kind.TOML,
            Kind.TRUE,
            Kind.NAP,
            Kind.TRUE,
            Kind.NAP,
            Kind.REFUSED,
            Kind.DEAF);

    private static final int[] CODES = {1, 2, 3, 42, 126, 127, 200, 255};

    private final Ledger ledger;
    private final Random random;
    private final String run;
    private int made;

    /**
     * @param run a word that tells the jobs of this generator from those of any other
     */
    JobScripts(Ledger ledger, Random random, String run) {
        this.ledger = ledger;
        this.random = random;
        this.run = run;
        if (ledger.file().toString().contains("'")) {
            throw new IllegalArgumentException("no quotes in " + ledger.file());
        }
    }

    /** A job of a random kind. */
    TestJob any() {
        return make(MIX.get(random.nextInt(MIX.size())));
    }

    TestJob make(Kind kind) {
        return make(kind, dropName(kind, made + 1));
    }

    TestJob make(Kind kind, String name) {
        made++;
        String token = "t-" + run + "-" + made;
        int gpus = 1;
        String ending = TestJob.EXITED;
        int code = 0;
        boolean finishes = true;
        String directives = "";
        String stderr = "";
        StringBuilder stdout = new StringBuilder("hello " + token + "\n");
        String middle;
        switch (kind) {
            case TRUE -> middle = "true\n";
            case FAILS -> {
                code = CODES[random.nextInt(CODES.length)];
                middle = "false\n";
            }
            case LINES -> {
                int count = 1 + random.nextInt(400);
                middle = "i=0\nwhile [ $i -lt " + count + " ]; do i=$((i + 1)); echo \"line $i of $t\"; done\n"
                        + "printf 'last of %s' $t\n";
                for (int i = 1; i <= count; i++) {
                    stdout.append("line ")
                            .append(i)
                            .append(" of ")
                            .append(token)
                            .append('\n');
                }
                stdout.append("last of ").append(token);
            }
            case TWO_CARDS -> {
                gpus = 2;
                directives = "#GPUSPOOL gpus=2\n";
                middle = nap(20, 100);
            }
            case NAP -> middle = nap(20, 200);
            case LONG -> middle = nap(1000, 2000);
            case STRAY -> {
                // Takes its time to die, so that a card given away too early is seen in the ledger. Its last commands
                // must not be
                // ended by the sweep in mid-line.
                middle = "export t\nsetsid sh -c 'trap \"trap \\\"\\\" TERM; sleep 0.03; echo " + Ledger.STRAY
                        + " $GPUSPOOL_ID ${GPUSPOOL_GPUS:--} \\$(date +%s%N) $t >>" + ledger.file()
                        + "; exit 0\" TERM; echo up; sleep 300 & wait' >/dev/null 2>&1 &\n"
                        + nap(20, 60);
            }
            case SIGNALLED -> {
                boolean kill = random.nextBoolean();
                code = kill ? 137 : 143;
                finishes = false;
                middle = "kill -" + (kill ? "KILL" : "TERM") + " $$\nsleep 5\n";
            }
            case DEAF -> {
                directives = "#GPUSPOOL time=1s grace=1s\n";
                ending = TestJob.TIMED_OUT;
                code = 137;
                finishes = false;
                middle = "trap '' TERM\nwhile :; do sleep 300; done\n";
            }
            case SPLIT -> {
                directives = "#GPUSPOOL output=split\n";
                middle = "echo \"oops $t\" >&2\n";
                stderr = "oops " + token + "\n";
            }
            case NO_CARD -> {
                gpus = 0;
                directives = "#GPUSPOOL gpus=0\n";
                middle = nap(5, 30);
            }
            case TOML -> middle = "true\n";
            case REFUSED -> {
                gpus = 99;
                directives = "#GPUSPOOL gpus=99\n";
                ending = TestJob.REFUSED;
                finishes = false;
                stdout.setLength(0);
                middle = "true\n";
            }
            default -> throw new AssertionError(kind);
        }
        String body = "t=" + token + "\n"
                + "say() { echo \"$1 $GPUSPOOL_ID ${GPUSPOOL_GPUS:--} $(date +%s%N) $t\" >>'" + ledger.file() + "'; }\n"
                + "say " + Ledger.START + "\n"
                + "echo \"hello $t\"\n"
                + middle
                + "say " + Ledger.END + "\n"
                + "exit " + code + "\n";
        String text = kind == Kind.TOML
                ? "gpus = 1\ncommand = \"\"\"\n" + body.replace("\\", "\\\\").replace("\"", "\\\"") + "\"\"\"\n"
                : "#!/bin/sh\n" + directives + body;
        return new TestJob(name, token, kind, text, gpus, ending, code, stdout.toString(), stderr, finishes);
    }

    private String nap(int from, int to) {
        int millis = from + random.nextInt(to - from);
        return String.format("sleep %d.%03d%n", millis / 1000, millis % 1000);
    }

    /** Mostly plain names; some that share a stem, some that have to be mended to become one. */
    private String dropName(Kind kind, int number) {
        String ending = kind == Kind.TOML ? ".toml" : ".job";
        return switch (random.nextInt(12)) {
            case 0 -> "again" + ending;
            case 1 -> "again_" + random.nextInt(2) + ending;
            case 2 -> "again " + random.nextInt(2) + ending;
            case 3 -> "-dash+" + number + ending;
            case 4 -> "v1.2.host" + ending;
            case 5 -> "long-" + "x".repeat(90) + number + ending;
            default -> "j" + number + ending;
        };
    }
}
