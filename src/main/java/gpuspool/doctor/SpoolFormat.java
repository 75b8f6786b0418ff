package gpuspool.doctor;

import gpuspool.posix.FailureText;
import gpuspool.posix.FileFacts;
import gpuspool.spool.Layout;
import gpuspool.spool.NewerSpoolException;
import gpuspool.spool.NotASpoolException;
import gpuspool.spool.Spool;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Whether there is a spool that this version may look into. */
final class SpoolFormat {
    static final String CHECK = SpoolDirectories.CHECK;

    private SpoolFormat() {}

    /**
     * The answer.
     *
     * @param spool its real place and its id; empty where nothing in it may be touched
     */
    record Seen(Finding finding, Optional<Spool> spool) {
        private static Seen none(String what, String todo) {
            return new Seen(Finding.problem(CHECK, what, todo), Optional.empty());
        }
    }

    static Seen look(Patient patient) throws IOException {
        Path place = patient.place().toAbsolutePath().normalize();
        String path = Patient.quoted(place);
        if (!Files.isDirectory(place)) {
            String answer = FileFacts.of(place).isEmpty() ? "there is nothing" : "it is not a directory";
            return Seen.none("no spool at " + place + "; " + answer, "make one: " + patient.command("init"));
        }
        if (!Files.isReadable(place) || !Files.isExecutable(place)) {
            return Seen.none("you may not look into " + place, "ask its owner, or: chmod u+rx " + path);
        }
        Layout places = new Layout(place.toRealPath());
        Optional<FileFacts> format = FileFacts.of(places.format());
        if (format.isEmpty()) {
            return Seen.none(
                    place + " is not a spool; it has no file format",
                    "name the right one with --spool, or make one in an empty directory: gpuspool init");
        }
        // Anything else may keep whoever opens it waiting for ever.
        if (!format.get().isRegular()) {
            return Seen.none(
                    place + " is not a spool; its format is " + format.get().kind(),
                    "put back the file that was there; spool-layout.md, section 1, tells what it holds");
        }
        return read(places);
    }

    private static Seen read(Layout places) {
        try {
            Spool spool = new Spool(places, Spool.readId(places.root()));
            String what = places.root() + ", layout version " + Spool.LAYOUT_VERSION + ", id " + spool.id();
            return new Seen(Finding.ok(CHECK, what), Optional.of(spool));
        } catch (NewerSpoolException e) {
            return Seen.none(
                    places.root() + " has layout version " + e.version() + "; this program knows versions up to "
                            + Spool.LAYOUT_VERSION + ", and touches nothing in it",
                    "use the gpuspool that made it, or a newer one");
        } catch (NotASpoolException | CharacterCodingException e) {
            return Seen.none(
                    places.root() + " is not a spool; its file format does not hold \"gpuspool " + Spool.LAYOUT_VERSION
                            + "\" and below it an id of 32 hex digits",
                    "put it back from a copy, or make a new spool and move the jobs there");
        } catch (IOException e) {
            return Seen.none(
                    "its format file cannot be read; " + FailureText.of(e),
                    "if it is yours: chmod u+r " + Patient.quoted(places.format()) + "; else ask its owner");
        }
    }
}
