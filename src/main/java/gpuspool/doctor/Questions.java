package gpuspool.doctor;

import gpuspool.posix.FailureText;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks one question after the other, each with a time limit: a hung file system must not hang who looks for what hangs. */
final class Questions {
    private final Duration patience;
    private final List<Finding> findings = new ArrayList<>();
    private boolean spoolIsSilent;

    Questions(Duration patience) {
        this.patience = patience;
    }

    List<Finding> findings() {
        return findings;
    }

    void add(List<Finding> more) {
        findings.addAll(more);
    }

    /** Adds what was found out of this machine, or why nothing was. */
    void ask(String check, Callable<List<Finding>> question) throws InterruptedException {
        facts(check, question).ifPresent(findings::addAll);
    }

    /** What a question to this machine found out. */
    <T> Optional<T> facts(String check, Callable<T> question) throws InterruptedException {
        Answer<T> answer = answer(check, question);
        if (answer.late) {
            findings.add(Finding.problem(
                    check,
                    "this machine did not answer within " + patience.toSeconds() + " s",
                    "look for what hangs: dmesg | tail"));
        }
        return answer.value;
    }

    /** Adds what was found out of the spool, or why nothing was. */
    void askSpool(String check, Callable<List<Finding>> question) throws InterruptedException {
        spoolFacts(check, question).ifPresent(findings::addAll);
    }

    /** What a question that touches the spool found out. Once one of them was not answered, none is asked any more. */
    <T> Optional<T> spoolFacts(String check, Callable<T> question) throws InterruptedException {
        if (spoolIsSilent) {
            return Optional.empty();
        }
        Answer<T> answer = answer(check, question);
        if (answer.late) {
            spoolIsSilent = true;
            findings.add(Finding.problem(
                    check,
                    "the spool did not answer within " + patience.toSeconds()
                            + " s when asked for its " + check
                            + "; what else there is to ask it was left out",
                    "look whether its disk or file server is there: dmesg | tail"));
        }
        return answer.value;
    }

    private record Answer<T>(Optional<T> value, boolean late) {}

    private <T> Answer<T> answer(String check, Callable<T> question) throws InterruptedException {
        FutureTask<T> task = new FutureTask<>(question);
        Thread thread = new Thread(task, "doctor " + check);
        // Whoever hangs in the kernel is left behind.
        thread.setDaemon(true);
        thread.start();
        try {
            return new Answer<>(Optional.of(task.get(patience.toMillis(), TimeUnit.MILLISECONDS)), false);
        } catch (TimeoutException e) {
            return new Answer<>(Optional.empty(), true);
        } catch (ExecutionException e) {
            // Whatever it was: one check that fails must not keep the others from being made.
            Throwable cause = e.getCause();
            String why = cause instanceof IOException io ? FailureText.of(io) : String.valueOf(cause);
            findings.add(Finding.problem(
                    check, "it could not be looked at; " + why, "mend what the answer names, and ask again"));
            return new Answer<>(Optional.empty(), false);
        }
    }
}
