package gpuspool.foreground;

import gpuspool.gpu.CardSource;
import gpuspool.gpu.CardVariables;
import gpuspool.gpu.Device;
import gpuspool.gpu.GpuId;
import gpuspool.gpu.GpuRules;
import gpuspool.gpu.Inventory;
import gpuspool.gpu.Links;
import gpuspool.job.JobSpec;
import gpuspool.plan.CardState;
import gpuspool.plan.SoleChoice;
import gpuspool.posix.Become;
import gpuspool.posix.Flock;
import gpuspool.posix.Lock;
import gpuspool.posix.Locks;
import gpuspool.posix.Origin;
import gpuspool.posix.ProcFiles;
import gpuspool.spool.QuarantineFile;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Runs a command in the foreground where no watcher gives cards: it looks by itself at their locks and at what their driver says, and
 * takes what is free, as a watcher would. Nobody queues, and nobody keeps a record.
 */
public final class UnwatchedRun {
    private static final long BETWEEN_LOOKS = 1000;
    private static final long SECOND = 1_000_000_000L;

    /**
     * What it goes by.
     *
     * @param spoolId whose simulated cards are meant
     * @param quarantine cards that the last watcher here held for sick; empty where there is no spool
     */
    public record Ground(
            CardSource source, GpuRules rules, Locks locks, String spoolId, Optional<QuarantineFile> quarantine) {}

    private final Ground ground;
    private final Teller teller;
    private final LockedCards lockedCards;

    public UnwatchedRun(Ground ground, Teller teller) {
        this.ground = ground;
        this.teller = teller;
        lockedCards = new LockedCards(ground.locks(), ground.spoolId());
    }

    /**
     * Returns only where this process did not become the command.
     *
     * @param spec what the order's file would say
     */
    public Outcome run(Order order, JobSpec spec, Map<String, String> environment)
            throws IOException, InterruptedException {
        Command command = Command.of(order.command());
        Optional<Outcome> trouble = command.trouble(teller);
        if (trouble.isPresent()) {
            return trouble.get();
        }
        Become become = new Become(Origin.of(environment));
        // There is nothing to be given back: the kernel does it.
        become.stopListening();
        CardLooks looks = CardLooks.of(ground.source(), ground.rules());
        long began = System.nanoTime();
        String told = "";
        while (true) {
            Step step = step(order, spec, looks);
            if (step.never) {
                teller.note(step.why);
                return Outcome.NEVER;
            }
            if (step.why.isEmpty()) {
                teller.done();
                return command.become(become, step.locks, variables(step.cards, spec), hidden(step.cards), teller);
            }
            long waited = System.nanoTime() - began;
            if (order.timeout().isPresent() && waited >= order.timeout().get().toNanos()) {
                teller.note((order.waits() ? "the time to wait is over: " : "not now: ") + step.why);
                return Outcome.NOT_NOW;
            }
            if (!step.why.equals(told)) {
                told = step.why;
                teller.waits("waits: " + told);
            }
            long left = order.timeout()
                    .map(most -> (most.toNanos() - waited) / (SECOND / 1000) + 1)
                    .orElse(BETWEEN_LOOKS);
            Thread.sleep(Math.min(BETWEEN_LOOKS, left));
        }
    }

    /** One look: what was taken, or why nothing was. */
    private record Step(boolean never, String why, List<Device> cards, List<Lock> locks) {
        static Step not(String why) {
            return new Step(false, why, List.of(), List.of());
        }
    }

    private Step step(Order order, JobSpec spec, CardLooks looks) throws IOException, InterruptedException {
        if (spec.gpus() == 0) {
            return new Step(false, "", List.of(), List.of());
        }
        Optional<Lock> pick = Optional.empty();
        if (ground.rules().pickLock().isPresent()) {
            // Kept until this process is another program.
            pick = Flock.tryLock(ground.rules().pickLock().get());
            if (pick.isEmpty()) {
                return Step.not("waits for " + ground.rules().pickLock().get() + " (pick_lock), which somebody has");
            }
        }
        Step step = stepAlone(order, spec, looks);
        if (pick.isPresent() && (step.never || !step.why.isEmpty())) {
            pick.get().close();
        }
        return step;
    }

    private Step stepAlone(Order order, JobSpec spec, CardLooks looks) throws IOException, InterruptedException {
        CardLooks.Found found = looks.look();
        if (!(found.inventory() instanceof Inventory.Cards cards)) {
            return Step.not("GPUs are not known: " + ((Inventory.Unknown) found.inventory()).reason());
        }
        Map<GpuId, CardState> taken = new HashMap<>(found.taken());
        taken.putAll(lockedCards.taken(cards.devices()));
        taken.putAll(sick(cards.devices()));
        Links links = cards.links();
        SoleChoice.Answer answer = SoleChoice.of(
                spec.gpus(),
                spec.cards(),
                cards.devices(),
                taken,
                links,
                ground.rules().keepIdle());
        if (answer instanceof SoleChoice.Answer.Never never) {
            return new Step(true, never.why(), List.of(), List.of());
        }
        if (answer instanceof SoleChoice.Answer.NotNow not) {
            return Step.not(not.why());
        }
        List<Device> chosen = ((SoleChoice.Answer.Chosen) answer).cards();
        String who = order.name() + " of gpuspool run (" + System.getProperty("user.name") + ", process "
                + ProcFiles.ownPid() + ")";
        return lockedCards
                .lock(chosen, who)
                .map(locks -> new Step(false, "", chosen, locks))
                .orElseGet(() -> Step.not("somebody else was quicker"));
    }

    private Map<GpuId, CardState> sick(List<Device> cards) throws IOException {
        Map<GpuId, CardState> sick = new HashMap<>();
        if (ground.quarantine().isPresent()) {
            for (QuarantineFile.Row row : ground.quarantine().get().read()) {
                for (Device card : cards) {
                    if (card.id().word().equals(row.card())) {
                        sick.put(card.id(), new CardState(CardState.Kind.SICK, "in quarantine: " + row.reason()));
                    }
                }
            }
        }
        return sick;
    }

    private Map<String, String> variables(List<Device> cards, JobSpec spec) {
        Map<String, String> variables = new TreeMap<>(CardVariables.of(
                cards,
                OptionalLong.empty(),
                vendor(cards),
                spec.cards().pin().orElse(ground.rules().pin())));
        variables.putAll(spec.env());
        return variables;
    }

    private static List<String> hidden(List<Device> cards) {
        return CardVariables.hidden(vendor(cards));
    }

    private static Device.Vendor vendor(List<Device> cards) {
        return cards.isEmpty() ? Device.Vendor.NVIDIA : cards.get(0).vendor();
    }
}
