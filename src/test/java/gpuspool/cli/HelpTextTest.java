package gpuspool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.job.JobFlag;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HelpTextTest {
    @TempDir
    Path directory;

    private CliSpool spool;

    @BeforeEach
    void makeSpool() throws IOException {
        spool = new CliSpool(directory);
    }

    @Test
    void overview_namesEveryVerb() throws IOException {
        assertEquals("""
                Usage: gpuspool [VERB] [OPTIONS]
                A GPU job queue made of a directory: drop a script into spool/incoming/, it runs when a GPU is free.

                Submit:
                  add, submit  Submits a command or a script.
                  run          Waits for GPUs and runs a command right here, at the prompt.
                  parallel     Runs many commands, each on its own GPU, without a spool: one a line, or one for each argument.
                Look:
                  status       Shows what runs, what waits and why, and what ended last.
                  top          Shows it all live on a full screen, with keys to act on jobs.
                  web          Shows it all in a browser, and to other programs by HTTP.
                  gpus         Shows the GPUs: what they do, who has them, and why one is not free.
                  show         Shows all that is known of one job.
                  why          Tells why jobs wait, or what became of them, in a sentence each.
                  log          Prints what a job printed.
                  wait         Waits until jobs have ended, and ends as they did.
                  report       Tells what ran in a stretch of time: a page, CSV or JSON.
                Change:
                  cancel       Takes jobs out of the queue, or stops them.
                  hold         Takes queued jobs out of the queue and keeps them.
                  release      Puts held jobs back into the queue.
                  first        Sends queued jobs to the front, in the order named.
                  last         Sends queued jobs to the end, in the order named.
                  retry        Runs ended jobs again, each as a new run.
                  clean        Deletes records of ended jobs.
                Serve:
                  watch        Starts jobs as GPUs become free, and files them when they end.
                  init         Makes a spool of an absent or empty directory.
                  pause        Starts nothing new; what runs runs on.
                  resume       Takes pause and drain back.
                  drain        Starts nothing new, and lets the watchers leave when nothing runs.
                  doctor       Tells what may be wrong with the spool and this machine, and what to do.
                Learn:
                  demo         Shows a spool at work on simulated GPUs.
                  check        Tells what is wrong with job files or settings.
                  man          Shows the manual page of a verb, or writes all of them.
                  completion   Prints what makes a shell complete verbs, options and names of jobs.

                Without a verb: status. Every verb takes --help, and --spool DIR (default: $GPUSPOOL_SPOOL, else ./spool).
                Example: gpuspool add -n 2 -- python train.py
                """, spool.run("--help").out());
        assertEquals(spool.run("--help"), spool.run("help"));
    }

    @Test
    void everyVerb_isInOneGroup() {
        assertEquals(
                Stream.of(VerbTable.values()).sorted().toList(),
                Stream.of(VerbGroup.values())
                        .flatMap(group -> group.verbs.stream())
                        .sorted()
                        .toList());
    }

    @Test
    void helpOfAdd() throws IOException {
        String help = spool.run("add", "--help").out();
        assertTrue(help.startsWith("""
                Usage: gpuspool add [OPTIONS] (FILE | - | -- COMMAND...)
                Submits a command or a script.
                """), help);
        assertTrue(help.endsWith("""
                Exit status:
                  0    what was asked for was done
                  1    it could not be done; the message says what to do
                  2    the command line was not understood
                  4    the directory is not a spool
                  69   it can never run here
                Example: gpuspool add -n 2 --time 4h -- python train.py --lr 3e-4
                """), help);
        String words = withoutBlanks(help);
        String inOrder = "a script or a NAME.toml; - reads a script from stdin --name=NAME what to call it "
                + "(default: from the file or the command) -n, -G, --gpus=N how many GPUs the job gets to itself; with 0 it"
                + " sees none (a number, 0 to 1024; default: 1) --devices=LIST only these GPUs will do (indices or UUIDs,"
                + " such as 0,1; default: any) ";
        assertTrue(words.contains(withoutBlanks(inOrder)), help);
        for (JobFlag flag : JobFlag.all()) {
            String option = String.join(", ", flag.names()) + "=" + flag.label() + " " + flag.help() + " ";
            assertTrue(words.contains(withoutBlanks(option)), option + "\n" + help);
        }
    }

    /** Lines may be broken anywhere. */
    private static String withoutBlanks(String text) {
        return text.replaceAll("\\s+", "");
    }

    @Test
    void helpOfWait() throws IOException {
        assertEquals("""
                Usage: gpuspool wait [OPTIONS] JOB...
                Waits until jobs have ended, and ends as they did.
                      JOB...           exp1, exp1.2, a full id, or a queued file's name
                      --timeout=TIME   give up after so long, such as 10m (default: never)
                      --json           print one JSON array, an object for each job
                      --spool=DIR      the spool (default: $GPUSPOOL_SPOOL, else ./spool)
                  -h, --help           show this help and exit
                Exit status:
                  0     what was asked for was done
                  1     it could not be done; the message says what to do
                  2     the command line was not understood
                  4     the directory is not a spool
                  124   the wait was over before the jobs were
                  N     the exit code of the job, when one job is waited for
                Example: job=$(gpuspool add train.sh) && gpuspool wait "$job"
                """, spool.run("wait", "-h").out());
    }

    @ParameterizedTest
    @EnumSource(VerbTable.class)
    void everyHelp_hasAnExampleAndItsStatuses(VerbTable verb) throws IOException {
        CliSpool.Result help = spool.run("help", verb.verb);
        assertEquals(0, help.status());
        assertEquals("", help.err());
        assertTrue(help.out().startsWith("Usage: gpuspool " + verb.verb + " [OPTIONS]"), help.out());
        assertTrue(help.out().endsWith("Example: " + verb.example + "\n"), help.out());
        for (ExitStatus status : verb.statuses) {
            assertTrue(help.out().matches("(?s).*\n  " + status.shown() + " +" + status.meaning + "\n.*"), help.out());
        }
    }
}
