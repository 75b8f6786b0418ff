package gpuspool.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several spools and users on one host with the same cards, each with a watcher and real jobs: no card is ever under two of them. */
class SharedCardsIT {
    private static final String SETPRIV = "/usr/bin/setpriv";
    private static final int JOBS = 12;
    private static final int CARDS = 3;
    /** Nobody else's, so that files that are left over are seen as such. */
    private static final String OTHER = "213471";

    @TempDir
    private Path temp;

    private Path witness;

    @Test
    void twoSpoolsOfOneUser_neverShareACard() throws Exception {
        share(List.of(bed("a", false), bed("b", false)));
    }

    @Test
    void twoUsers_neverShareACard() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "not root");
        assumeTrue(Files.isExecutable(Path.of(SETPRIV)), "no setpriv");
        share(List.of(bed("a", false), bed("b", true)));
    }

    private record Bed(PackagedBed bed, boolean another) {}

    private Bed bed(String name, boolean another) throws Exception {
        open(temp, "rwxr-xr-x");
        Path root = open(Files.createDirectory(temp.resolve(name)), "rwxrwxrwx");
        PackagedBed bed = new PackagedBed(root, Path.of(System.getProperty("java.home")));
        open(bed.program, "rwxr-xr-x");
        bed.environment.put("GPUSPOOL_MIN_FREE_DISK", "0B");
        return new Bed(bed, another);
    }

    private static Path open(Path path, String mode) throws IOException {
        return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }

    private void share(List<Bed> beds) throws Exception {
        witness = open(Files.createDirectory(temp.resolve("witness")), "rwxrwxrwx");
        Path locks = Files.createDirectory(temp.resolve("locks"));
        Files.setAttribute(locks, "unix:mode", 01777);
        try {
            for (Bed bed : beds) {
                assertEquals(
                        0,
                        bed.bed()
                                .run(as(
                                        bed,
                                        "init",
                                        "--spool",
                                        bed.bed().spool().toString())),
                        bed.bed().log());
                open(bed.bed().spool().resolve("incoming"), "rwxrwxrwx");
                for (int i = 0; i < JOBS; i++) {
                    bed.bed().drop("j" + i + ".job", job(1 + i % CARDS));
                    own(bed, bed.bed().spool().resolve("incoming/j" + i + ".job"));
                }
            }
            for (Bed bed : beds) {
                bed.bed()
                        .start(as(
                                bed,
                                "watch",
                                "--spool",
                                bed.bed().spool().toString(),
                                "--devices",
                                "0,1,2",
                                "--lock-dir",
                                locks.toString()));
            }
            for (Bed bed : beds) {
                for (int i = 0; i < JOBS; i++) {
                    Path filed = bed.bed().awaitFiled("j" + i + ".1");
                    assertEquals("done", filed.getParent().getFileName().toString(), filed.toString());
                }
            }
        } finally {
            for (Bed bed : beds) {
                bed.bed().close();
            }
        }
        assertFalse(Files.exists(witness.resolve("wrong")), () -> "a card was under two jobs: " + beds);
        assertEquals(
                3,
                PackagedBed.list(locks).stream()
                        .filter(file -> file.getFileName().toString().startsWith("gpu-index-"))
                        .count());
    }

    private void own(Bed bed, Path file) throws IOException {
        if (bed.another()) {
            Files.setAttribute(file, "unix:uid", Integer.valueOf(OTHER));
        }
    }

    /** What a job of so many cards does: it can make a directory only while nobody else has one of that name. */
    private String job(int cards) {
        return "#!/bin/bash\n#GPUSPOOL gpus=" + cards + "\ncd " + witness + "\nfor g in ${GPUSPOOL_GPUS//,/ }; do\n"
                + "  mkdir card-$g || echo $GPUSPOOL_ID card $g >> wrong\ndone\nsleep 0.05\n"
                + "for g in ${GPUSPOOL_GPUS//,/ }; do rmdir card-$g; done\n";
    }

    private static List<String> as(Bed bed, String... words) {
        List<String> command = new ArrayList<>();
        if (bed.another()) {
            command.addAll(List.of(SETPRIV, "--reuid=" + OTHER, "--regid=" + OTHER, "--clear-groups"));
        }
        command.add(bed.bed().program.toString());
        command.addAll(List.of(words));
        return command;
    }
}
