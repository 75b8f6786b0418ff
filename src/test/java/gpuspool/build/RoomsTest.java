package gpuspool.build;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import java.io.File;
import java.io.FileOutputStream;
import java.io.FileWriter;
import java.io.RandomAccessFile;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The map of the rooms: which package may look into which, and what only one of them may touch. Whoever wants to change
 * the map changes it here.
 */
class RoomsTest {
    /** Room → the rooms it may look into, besides itself. */
    private static final Map<String, Set<String>> LOOKS_INTO = Map.ofEntries(
            room("job"),
            room("posix"),
            room("gpu", "posix", "job"),
            room("plan", "job", "gpu"),
            room("spool", "job", "posix"),
            room("supervise", "job", "spool", "posix"),
            room("config", "job", "gpu"),
            room("watch", "job", "gpu", "plan", "posix", "spool", "supervise", "config"),
            room("doctor", "job", "posix", "spool", "supervise", "config"),
            room("view", "job", "gpu", "plan", "posix", "spool", "config"),
            room("foreground", "job", "gpu", "plan", "posix", "spool", "supervise", "config"),
            room("parallel", "job", "gpu", "posix", "spool", "config", "watch", "view"),
            room("top", "job", "gpu", "posix", "spool", "view"),
            room("web", "job", "gpu", "posix", "spool", "config", "view", "foreground"),
            room("report", "job", "posix", "spool", "view"),
            room(
                    "cli",
                    "job",
                    "gpu",
                    "plan",
                    "posix",
                    "spool",
                    "supervise",
                    "config",
                    "watch",
                    "doctor",
                    "view",
                    "foreground",
                    "parallel",
                    "top",
                    "web",
                    "report"));

    private static Map.Entry<String, Set<String>> room(String name, String... looksInto) {
        return Map.entry(name, Set.of(looksInto));
    }

    static Stream<String> rooms() {
        return LOOKS_INTO.keySet().stream().sorted();
    }

    /** Outside {@code spool}, these may change files by these methods: {@code class} → why. Keep it short. */
    private static final Map<String, String> MAY_CHANGE_FILES = Map.of(
            "gpuspool.posix.LockDirectory",
            "locks are files of the host, outside every spool",
            "gpuspool.posix.Flock",
            "the same",
            "gpuspool.cli.StandardOut",
            "the descriptor that is open already");

    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("gpuspool");

    @Test
    void everyClass_livesInARoom() {
        classes()
                .should()
                .resideInAnyPackage(
                        LOOKS_INTO.keySet().stream().map(RoomsTest::inside).toArray(String[]::new))
                .check(MAIN);
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void room_looksOnlyWhereTheMapSays(String room) {
        Set<String> closed = new TreeSet<>(LOOKS_INTO.keySet());
        closed.remove(room);
        closed.removeAll(LOOKS_INTO.get(room));
        noClasses()
                .that()
                .resideInAPackage(inside(room))
                .should()
                .dependOnClassesThat(resideInAnyPackage(rooms(closed)))
                .allowEmptyShould(true)
                .check(MAIN);
    }

    @Test
    void rooms_haveNoCycles() {
        slices().matching("gpuspool.(*)..")
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(true)
                .check(MAIN);
    }

    @ParameterizedTest
    @CsvSource({
        "com.sun.jna.., posix gpu",
        "tools.jackson.dataformat.toml.., job config",
        "io.methvin.., watch",
        "picocli.., cli",
        "org.jline.., top",
        "com.sun.net.httpserver.., web",
    })
    void library_isTouchedOnlyByItsRoom(String library, String rooms) {
        outside(rooms.split(" ", -1))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .allowEmptyShould(true)
                .check(MAIN);
    }

    @Test
    void processes_areStartedOnlyByPosix() {
        outside("posix")
                .should()
                .accessTargetWhere(describe(
                        "a process is started",
                        access -> isCall(access, ProcessBuilder.class, Set.of("<init>", "start", "startPipeline"))
                                || isCall(access, Runtime.class, Set.of("exec"))))
                .allowEmptyShould(true)
                .check(MAIN);
    }

    @Test
    void files_areChangedOnlyBySpool() {
        DescribedPredicate<JavaAccess<?>> changesFiles = describe(
                "a file is changed, or opened so that it could be",
                access -> !MAY_CHANGE_FILES.containsKey(access.getOriginOwner().getName()) && changesAFile(access));
        outside("spool")
                .should()
                .accessTargetWhere(changesFiles)
                .allowEmptyShould(true)
                .check(MAIN);
    }

    @Test
    void standardStreams_belongToCliAndWatch() {
        outside("cli", "watch")
                .should()
                .accessTargetWhere(describe(
                        "System.out, System.err or printStackTrace() is used",
                        access -> (access.getTargetOwner().isEquivalentTo(System.class)
                                        && Set.of("out", "err").contains(access.getName()))
                                || (access.getTargetOwner().isAssignableTo(Throwable.class)
                                        && access.getTarget().getFullName().endsWith("printStackTrace()"))))
                .allowEmptyShould(true)
                .check(MAIN);
    }

    private static boolean changesAFile(JavaAccess<?> access) {
        String name = access.getName();
        if (access.getTargetOwner().isEquivalentTo(Files.class)) {
            return name.startsWith("create")
                    || name.startsWith("write")
                    || name.startsWith("set")
                    || name.startsWith("delete")
                    || Set.of("move", "copy", "newOutputStream", "newBufferedWriter", "newByteChannel")
                            .contains(name);
        }
        return isCall(access, FileChannel.class, Set.of("open"))
                || isCall(access, AsynchronousFileChannel.class, Set.of("open"))
                || isCall(access, FileOutputStream.class, Set.of("<init>"))
                || isCall(access, FileWriter.class, Set.of("<init>"))
                || isCall(access, RandomAccessFile.class, Set.of("<init>"))
                || (access.getTargetOwner().isEquivalentTo(File.class)
                        && (name.startsWith("create")
                                || name.startsWith("delete")
                                || name.startsWith("set")
                                || name.startsWith("mkdir")
                                || name.equals("renameTo")));
    }

    private static boolean isCall(JavaAccess<?> access, Class<?> owner, Set<String> names) {
        return access.getTargetOwner().isEquivalentTo(owner) && names.contains(access.getName());
    }

    private static GivenClassesConjunction outside(String... rooms) {
        return noClasses().that().resideOutsideOfPackages(rooms(Set.copyOf(Arrays.asList(rooms))));
    }

    private static String[] rooms(Set<String> names) {
        return names.stream().map(RoomsTest::inside).toArray(String[]::new);
    }

    private static String inside(String room) {
        return "gpuspool." + room + "..";
    }
}
