package gpuspool.doctor;

import static gpuspool.doctor.Said.assertSays;
import static org.junit.jupiter.api.Assertions.assertEquals;

import gpuspool.posix.FileFacts;
import gpuspool.posix.LockPlace.Why;
import gpuspool.posix.Mount;
import gpuspool.posix.ProcessFacts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of this machine. */
final class MachineCheckTest {
    private static final Path LOCKS = Path.of("/run/lock/gpuspool");

    @TempDir
    private Path temp;

    private static Optional<FileFacts> directory(int permissions) {
        return Optional.of(
                new FileFacts(1, 2, 0, 0040000 | permissions, 0, FileTime.fromMillis(0), FileTime.fromMillis(0)));
    }

    private static Optional<Mount> on(String type) {
        return Optional.of(new Mount(Path.of("/"), type, Set.of()));
    }

    private static LockCheck.Facts locks(Path path, Why why, String type) {
        return new LockCheck.Facts(
                path, Optional.of(why), directory(01777), on(type), true, false, Optional.of(true), Optional.empty());
    }

    @Test
    void lockDirectory_thatIsFine() {
        assertSays(
                LockCheck.judge(locks(LOCKS, Why.SHARED, "tmpfs")),
                "ok: /run/lock/gpuspool, shared by all users",
                "ok: keeps others out");
        assertSays(
                LockCheck.judge(locks(Path.of("/home/a/locks"), Why.OWN, "ext4")),
                "note: not locked against other users",
                "ok: keeps others out");
        assertSays(
                LockCheck.judge(new LockCheck.Facts(
                        LOCKS,
                        Optional.of(Why.SHARED),
                        Optional.empty(),
                        on("tmpfs"),
                        false,
                        false,
                        Optional.empty(),
                        Optional.empty())),
                "ok: to be made by the first watcher");
    }

    @Test
    void lockDirectory_thatIsNot() {
        assertSays(
                LockCheck.judge(locks(Path.of("/home/a/locks"), Why.NAMED, "nfs4")),
                "ok: because it is set",
                "problem: is on nfs4; locks must stay on this machine");
        assertSays(
                LockCheck.judge(locks(Path.of("/tmp/locks"), Why.NAMED, "ext4")),
                "ok: because it is set",
                "note: is under /tmp, which is emptied");
        assertSays(
                LockCheck.judge(new LockCheck.Facts(
                        LOCKS,
                        Optional.of(Why.SHARED),
                        directory(0755),
                        on("tmpfs"),
                        true,
                        false,
                        Optional.empty(),
                        Optional.empty())),
                "ok: shared",
                "problem: has mode 755, so other users cannot lock there | sudo chmod 1777 /run/lock/gpuspool");
        assertSays(
                LockCheck.judge(new LockCheck.Facts(
                        LOCKS,
                        Optional.empty(),
                        directory(01777),
                        on("tmpfs"),
                        false,
                        true,
                        Optional.of(true),
                        Optional.empty())),
                "ok: as the watcher that lives here has it",
                "problem: was emptied while a watcher uses it");
        assertSays(
                LockCheck.judge(new LockCheck.Facts(
                        LOCKS,
                        Optional.of(Why.NAMED),
                        directory(01777),
                        on("ext4"),
                        true,
                        false,
                        Optional.empty(),
                        Optional.of("lock x: No locks available"))),
                "ok: because it is set",
                "problem: no lock can be had in it; lock x: No locks available");
        assertSays(
                LockCheck.judge(new LockCheck.Facts(
                        LOCKS,
                        Optional.of(Why.NAMED),
                        directory(01777),
                        on("ext4"),
                        true,
                        false,
                        Optional.of(false),
                        Optional.empty())),
                "ok: because it is set",
                "problem: did not keep each other out");
    }

    private static NativeCheck.Facts system(
            String kernel, Optional<String> trouble, boolean musl, List<String> unpack, String glibc) {
        return new NativeCheck.Facts(
                kernel, "amd64", trouble, musl, unpack, Optional.ofNullable(glibc), Optional.empty());
    }

    @ParameterizedTest
    @CsvSource({
        "5.3.0, 2.29, ok: Linux 5.3.0 on amd64",
        "6.1.0-18-amd64, 2.36, ok: glibc 2.36",
        "5.2.99, 2.36, problem: it must be 5.3 or later",
        "4.18.0-513.el8, 2.36, problem: it must be 5.3 or later",
        "5.15-wsl, 2.28, problem: glibc 2.28; it must be 2.29",
        "odd, 2.36, ok: Linux odd",
    })
    void versions_areCompared(String kernel, String glibc, String expected) {
        assertSays(NativeCheck.judge(system(kernel, Optional.empty(), false, List.of(), glibc)), expected);
    }

    @Test
    void withoutNativeCode_theCauseIsNamed() {
        Optional<String> trouble = Optional.of("cannot map\nmore");
        assertSays(
                NativeCheck.judge(system("6.1", trouble, true, List.of(), null)),
                "problem: no watcher can run; cannot map | this is a musl system");
        assertSays(
                NativeCheck.judge(system("6.1", trouble, false, List.of("/home/a/.cache is mounted noexec"), null)),
                "problem: (/home/a/.cache is mounted noexec): set XDG_CACHE_HOME");
        assertSays(
                NativeCheck.judge(new NativeCheck.Facts(
                        "6.1", "riscv64", trouble, false, List.of(), Optional.empty(), Optional.empty())),
                "problem: this is riscv64");
        assertSays(
                NativeCheck.judge(new NativeCheck.Facts(
                        "6.1",
                        "amd64",
                        Optional.empty(),
                        false,
                        List.of(),
                        Optional.of("2.36"),
                        Optional.of("Operation not permitted"))),
                "problem: by pidfd; Operation not permitted");
    }

    @ParameterizedTest
    @CsvSource({
        "rw, ok: shows all",
        "hidepid=2, note: hidepid=2",
        "hidepid=invisible, note: hidepid",
        "hidepid=0, ok: shows all"
    })
    void proc_mayHideProcesses(String option, String expected) {
        assertSays(
                ProcCheck.judge(List.of(
                        new Mount(Path.of("/"), "ext4", Set.of()),
                        new Mount(Path.of("/proc"), "proc", Set.of(option)))),
                expected);
    }

    @Test
    void programs_areNeeded() {
        Optional<String> there = Optional.of("/bin/x");
        assertSays(ProgramCheck.judge(new ProgramCheck.Facts(there, there, there, there)), "ok: /bin/x");
        assertSays(
                ProgramCheck.judge(new ProgramCheck.Facts(there, Optional.empty(), Optional.empty(), Optional.empty())),
                "problem: without setsid, mv",
                "note: no bash here");
    }

    private static LimitCheck.Facts limits(long files, long threads, long used, Pids pids, String inotify) {
        return new LimitCheck.Facts(
                "the watcher",
                OptionalLong.of(files),
                OptionalLong.of(threads),
                OptionalLong.of(used),
                Optional.ofNullable(pids),
                OptionalLong.of(128),
                OptionalLong.of(Long.MAX_VALUE),
                new ProcessFacts.Inotify(127, 9),
                OptionalLong.empty(),
                Optional.ofNullable(inotify));
    }

    @Test
    void limits_needRoom() {
        assertSays(
                LimitCheck.judge(limits(1024, 1000, 936, null, null)),
                "ok: the watcher: 1024 open files; inotify: 127 of 128 instances, 9 of unlimited watches, ? events");
        assertSays(LimitCheck.judge(limits(255, 1000, 10, null, null)), "problem: only 255 files open");
        assertSays(
                LimitCheck.judge(limits(1024, 1000, 937, null, null)),
                "problem: 937 of 1000 processes and threads of the user of the watcher");
        assertSays(
                LimitCheck.judge(limits(1024, 1000, 10, new Pids(Path.of("/sys/x/pids.max"), 90, 100), null)),
                "problem: 90 of 100 processes of /sys/x/pids.max");
        assertSays(
                LimitCheck.judge(limits(1024, 1000, 10, new Pids(Path.of("/sys/x/pids.max"), 90, 1000), null)),
                "ok: the");
        assertSays(
                LimitCheck.judge(limits(1024, 1000, 10, null, "User limit of inotify instances reached")),
                "problem: User limit of inotify instances reached (127 of 128 instances");
    }

    @Test
    void controlGroup_theTightestOnTheWayUpCounts() throws Exception {
        Path inner = Files.createDirectories(temp.resolve("a/b"));
        assertEquals(Optional.empty(), Pids.tightest(temp, "/a/b"));
        limit(temp.resolve("a"), "100", "40");
        limit(inner, "max", "30");
        assertEquals(Optional.of(new Pids(temp.resolve("a/pids.max"), 40, 100)), Pids.tightest(temp, "/a/b"));
        limit(inner, "50", "30");
        assertEquals(Optional.of(new Pids(inner.resolve("pids.max"), 30, 50)), Pids.tightest(temp, "/a/b"));
        assertEquals(Optional.empty(), Pids.tightest(temp, "/../../etc"));
    }

    private static void limit(Path group, String most, String used) throws Exception {
        Files.writeString(group.resolve("pids.max"), most + "\n");
        Files.writeString(group.resolve("pids.current"), used + "\n");
    }

    @Test
    void locale_isToldFromWhatTheLauncherDid() {
        assertSays(LocaleCheck.judge("UTF-8", Map.of("LANG", "de_DE.UTF-8")), "ok: UTF-8");
        assertSays(LocaleCheck.judge("ANSI_X3.4-1968", Map.of()), "problem: read as ANSI_X3.4-1968");
        assertSays(
                LocaleCheck.judge(
                        "UTF-8",
                        Map.of(
                                "GPUSPOOL_STUB_ENV",
                                "MALLOC_ARENA_MAX LC_ALL",
                                "GPUSPOOL_USER_LC_ALL",
                                "-",
                                "LANG",
                                "de_DE")),
                "note: your locale, de_DE, is not UTF-8");
        assertSays(
                LocaleCheck.judge("UTF-8", Map.of("GPUSPOOL_STUB_ENV", "LC_ALL", "GPUSPOOL_USER_LC_ALL", "POSIX")),
                "note: your locale, POSIX,");
        assertSays(LocaleCheck.judge("UTF-8", Map.of("GPUSPOOL_STUB_ENV", "LC_ALL")), "note: C (none is set)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/system.slice/gpuspool.service | gpuspool.service",
                "/user.slice/user-1.slice/user@1.service/app.slice/q.service | q.service",
                "/user.slice/user-1.slice/session-3.scope | ''",
                "/user.slice/user-1.slice/user@1.service | ''",
                "/ | ''",
            })
    void unit_isTheLastPartOfTheGroup(String group, String unit) {
        assertEquals(unit, ServiceCheck.unit(Map.of("", group)).orElse(""));
        assertEquals(
                unit, ServiceCheck.unit(Map.of("name=systemd", group, "", "/")).orElse(""));
    }

    @Test
    void killMode_isReadFromTheUnitAndWhatLiesBesideIt() throws Exception {
        Path vendor = Files.createDirectories(temp.resolve("usr"));
        Path admin = Files.createDirectories(temp.resolve("etc"));
        List<Path> places = List.of(vendor, admin);
        assertEquals(Optional.empty(), ServiceCheck.killMode("q.service", places));
        Files.writeString(vendor.resolve("q.service"), "[Service]\nExecStart=x\n");
        assertEquals(Optional.of("control-group"), ServiceCheck.killMode("q.service", places));
        Files.writeString(admin.resolve("q.service"), "[Service]\nKillMode=mixed\n");
        assertEquals(Optional.of("mixed"), ServiceCheck.killMode("q.service", places));
        Path beside = Files.createDirectory(vendor.resolve("q.service.d"));
        Files.writeString(beside.resolve("10.conf"), "[Service]\nKillMode=process\n");
        assertEquals(Optional.of("process"), ServiceCheck.killMode("q.service", places));
    }

    @ParameterizedTest
    @CsvSource({
        "process, ok: leaves the jobs alone",
        "mixed, problem: kills the jobs; its KillMode is mixed",
        "control-group, problem: kills the jobs"
    })
    void service_thatKillsJobs_isAProblem(String mode, String expected) {
        assertSays(ServiceCheck.judge("q.service", Optional.of(mode)), expected);
        assertSays(ServiceCheck.judge("q.service", Optional.empty()), "note: systemctl show -p KillMode q.service");
    }
}
