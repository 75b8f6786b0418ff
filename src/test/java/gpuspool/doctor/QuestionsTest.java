package gpuspool.doctor;

import static gpuspool.doctor.Said.assertSays;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class QuestionsTest {
    private static final Finding FINE = Finding.ok("x", "fine");

    private final CountDownLatch never = new CountDownLatch(1);

    private List<Finding> hang() throws InterruptedException {
        never.await();
        return List.of();
    }

    @Test
    void answer_isAdded() throws Exception {
        Questions questions = new Questions(Duration.ofSeconds(30));
        questions.ask("x", () -> List.of(FINE));
        assertEquals(Optional.of(7), questions.spoolFacts("x", () -> 7));
        assertEquals(List.of(FINE), questions.findings());
    }

    @Test
    void silentSpool_isAskedOnlyOnce() throws Exception {
        Questions questions = new Questions(Duration.ofMillis(50));
        questions.askSpool("contents", this::hang);
        questions.askSpool("disk", () -> List.of(FINE));
        assertSays(questions.findings(), "problem: the spool did not answer within 0 s when asked for its contents");
    }

    @Test
    void silentMachine_leavesTheNextQuestionsToBeAsked() throws Exception {
        Questions questions = new Questions(Duration.ofSeconds(2));
        questions.ask("limits", this::hang);
        questions.askSpool("disk", () -> List.of(FINE));
        assertSays(questions.findings(), "problem: this machine did not answer within 2 s", "ok: fine");
    }

    @Test
    void whateverGoesWrong_isAFindingAndTheRestGoesOn() throws Exception {
        Questions questions = new Questions(Duration.ofSeconds(30));
        questions.ask("a", () -> {
            throw new NoSuchFileException("/there");
        });
        questions.ask("b", () -> {
            throw new IOException("no such device");
        });
        questions.ask("c", () -> {
            throw new UnsatisfiedLinkError("no native code");
        });
        questions.ask("d", () -> List.of(FINE));
        assertSays(
                questions.findings(),
                "problem: /there: no such file or directory",
                "problem: no such device",
                "problem: no native code",
                "ok: fine");
    }
}
