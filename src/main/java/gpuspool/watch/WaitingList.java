package gpuspool.watch;

import gpuspool.plan.Placement;
import gpuspool.plan.Wait;
import gpuspool.plan.WaitWords;
import gpuspool.spool.HostFiles;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Why jobs wait: of the first ones each, of the others how many for which reason.
 *
 * @param more how many wait besides those listed
 * @param counts of these, the most frequent reason first
 */
record WaitingList(List<HostFiles.Waiting> listed, long more, List<HostFiles.Count> counts) {
    /** Unlike any that was made. */
    static final WaitingList UNWRITTEN = new WaitingList(List.of(), -1, List.of());

    /** Reasons that are counted; further ones are summed up. */
    private static final int MOST_COUNTS = 20;

    private static final String UNREAD = "not looked at yet";

    /** As things stand now. */
    static WaitingList of(Engine engine, long now) {
        return new Collector(engine, now).collect();
    }

    private static final class Collector {
        private final Engine engine;
        private final String halted;
        private final Placement.Cards view;
        private final List<HostFiles.Waiting> listed = new ArrayList<>();
        private final Map<String, Long> texts = new HashMap<>();
        private final Map<Wait, Long> waits = new HashMap<>();
        private long counted;

        Collector(Engine engine, long now) {
            this.engine = engine;
            halted = engine.starting().haltedBecause().orElse("");
            view = engine.book().view(engine.jobs().all(), now);
        }

        WaitingList collect() {
            for (Job job : engine.jobs().all()) {
                if (job.isWaitingToStart()) {
                    add(job.dir.id().toString(), job);
                } else if (!job.waits.isEmpty()) {
                    add(job.dir.id().toString(), job.waits);
                }
            }
            long before = listed.size() + counted;
            List<Placement.Request> queued = engine.backlog().queued(Integer.MAX_VALUE);
            int room = Math.max(0, HostFiles.MOST_REASONS - listed.size());
            // The order of the queue comes first, and leaves half the room to those that are not in it yet.
            int first = Math.max(room / 2, room - engine.backlog().waiting().size());
            queued.stream().limit(first).forEach(job -> add(((Entry) job).file.escapedName(), job));
            for (Entry entry : engine.backlog().waiting()) {
                // That its writer was waited for is the way of every file.
                entry.waitedFor = entry.settling ? entry.waitedFor : entry.why;
                add(entry.file.escapedName(), entry.why);
            }
            queued.stream().skip(first).forEach(job -> add(((Entry) job).file.escapedName(), job));
            long unread = engine.backlog().size() - (listed.size() + counted - before);
            if (unread > 0) {
                texts.merge(UNREAD, unread, Long::sum);
            }
            return new WaitingList(List.copyOf(listed), counted + Math.max(0, unread), counts());
        }

        private void add(String name, String why) {
            if (listed.size() < HostFiles.MOST_REASONS) {
                listed.add(new HostFiles.Waiting(name, why));
            } else {
                counted++;
                texts.merge(why, 1L, Long::sum);
            }
        }

        private void add(String name, Placement.Request job) {
            if (!halted.isEmpty()) {
                tell(job, halted);
                add(name, halted);
            } else if (job instanceof Entry entry && entry.isSweep) {
                add(name, "opened next");
            } else if (listed.size() < HostFiles.MOST_REASONS) {
                String why = engine.starting().why(job, view);
                if (!(engine.starting().wait(job) instanceof Wait.Next)) {
                    tell(job, why);
                }
                add(name, why);
            } else {
                counted++;
                waits.merge(engine.starting().wait(job), 1L, Long::sum);
            }
        }

        private static void tell(Placement.Request job, String why) {
            if (job instanceof Entry entry) {
                entry.waitedFor = why;
            }
        }

        private List<HostFiles.Count> counts() {
            waits.forEach((wait, jobs) -> texts.merge(WaitWords.ofMany(wait), jobs, Long::sum));
            List<HostFiles.Count> all = new ArrayList<>();
            texts.forEach((why, jobs) -> all.add(new HostFiles.Count(jobs, why)));
            all.sort(Comparator.comparingLong(HostFiles.Count::jobs).reversed().thenComparing(HostFiles.Count::reason));
            if (all.size() <= MOST_COUNTS) {
                return all;
            }
            List<HostFiles.Count> counts = new ArrayList<>(all.subList(0, MOST_COUNTS));
            long rest = all.stream()
                    .skip(MOST_COUNTS)
                    .mapToLong(HostFiles.Count::jobs)
                    .sum();
            counts.add(new HostFiles.Count(rest, "other reasons"));
            return counts;
        }
    }
}
