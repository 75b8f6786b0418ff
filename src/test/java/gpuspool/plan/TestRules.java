package gpuspool.plan;

import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/** Rules of which a test says only what it is about. */
final class TestRules {
    private Duration maxBypass = Duration.ZERO;
    private OptionalInt maxGpus = OptionalInt.empty();
    private OptionalInt maxJobs = OptionalInt.empty();
    private int slots = 8;
    private int most = 16;
    private long now;
    private List<Running> running = List.of();

    TestRules slots(int count) {
        slots = count;
        return this;
    }

    TestRules most(int starts) {
        most = starts;
        return this;
    }

    TestRules maxBypass(Duration time) {
        maxBypass = time;
        return this;
    }

    TestRules maxGpus(int count) {
        maxGpus = OptionalInt.of(count);
        return this;
    }

    TestRules maxJobs(int count) {
        maxJobs = OptionalInt.of(count);
        return this;
    }

    TestRules running(Running... jobs) {
        running = List.of(jobs);
        return this;
    }

    TestRules running(List<Running> jobs) {
        running = List.copyOf(jobs);
        return this;
    }

    TestRules now(long nanos) {
        now = nanos;
        return this;
    }

    Rules rules() {
        return new Rules(slots, most, maxBypass, maxGpus, maxJobs, running, now);
    }

    <R extends Placement.Request> Placement.Plan<R> plan(List<R> gpu, List<R> cpu, Placement.Cards cards) {
        return Placement.plan(new PlainLine<>(gpu.iterator()), new PlainLine<>(cpu.iterator()), cards, rules());
    }
}
