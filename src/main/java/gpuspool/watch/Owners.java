package gpuspool.watch;

import gpuspool.gpu.GpuId;
import gpuspool.gpu.GpuProcess;
import gpuspool.gpu.Reading;
import gpuspool.posix.ProcFiles;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tells processes of our own jobs from strangers. */
final class Owners {
    private final JobBook jobs;
    private final Edges edges;

    Owners(JobBook jobs, Edges edges) {
        this.jobs = jobs;
        this.edges = edges;
    }

    /** Those on a card that are ours: pid → the job's name. */
    Map<Integer, String> of(Reading reading) {
        Map<Integer, String> ours = new HashMap<>();
        for (GpuProcess process : processes(reading)) {
            owner(process.pid()).ifPresent(job -> ours.put(process.pid(), job.name()));
        }
        return ours;
    }

    /** The job that a process belongs to: by its cookie, which no stranger can have, or its session, or by whom it comes from. */
    Optional<Job> owner(int pid) {
        Optional<Job> own = byMarks(pid);
        return own.isPresent() ? own : byDescent(pid);
    }

    /** Who got cards without being started by us has no cookie. */
    private Optional<Job> byDescent(int pid) {
        return jobs.all().stream()
                .filter(job -> job.phase == Job.Phase.LIVE && job.foreground.isPresent())
                .filter(job -> ProcFiles.isWithin(
                        pid, job.foreground.get().pid(), job.foreground.get().start()))
                .findFirst();
    }

    private Optional<Job> byMarks(int pid) {
        return edges.processes()
                .belonging(pid)
                .flatMap(belonging -> jobs.all().stream()
                        .filter(job -> job.phase != Job.Phase.GONE)
                        .filter(job -> (!job.cookie.isEmpty() && job.cookie.equals(belonging.cookie()))
                                || (job.session != 0 && job.session == belonging.session()))
                        .findFirst());
    }

    /** Whether this card is a job's of ours. */
    boolean jobsHave(GpuId card) {
        return jobs.all().stream().anyMatch(job -> job.cards.containsKey(card));
    }

    static List<GpuProcess> processes(Reading reading) {
        return reading instanceof Reading.Known known ? known.processes().orElse(List.of()) : List.of();
    }
}
