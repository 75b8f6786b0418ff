package gpuspool.top;

import gpuspool.job.JobId;
import gpuspool.posix.FailureText;
import gpuspool.posix.FileFacts;
import gpuspool.posix.RawNames;
import gpuspool.spool.Escapes;
import gpuspool.spool.Fs;
import gpuspool.spool.JobDir;
import gpuspool.spool.Layout;
import gpuspool.spool.StatusFile;
import gpuspool.spool.Where;
import gpuspool.view.CardPage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the end of what the selected job printed, again only where it has changed. */
final class LogReader {
    private static final int MOST_BYTES = 256 * 1024;
    private static final int MOST_OF_A_FILE = 16 * 1024;

    private final Layout places;
    private final Fs fs;
    private LogView shown = LogView.NOTHING;
    private Optional<Path> file = Optional.empty();
    private Optional<FileFacts> facts = Optional.empty();

    LogReader(Layout places, Fs fs) {
        this.places = places;
        this.fs = fs;
    }

    /** What there is to show of a row now; trouble with reading it is shown in its place. */
    LogView read(Row row) {
        try {
            shown = row instanceof Row.OfJob job ? ofJob(job) : ofCard((Row.OfCard) row);
        } catch (IOException e) {
            shown = new LogView(row.key(), "cannot read its output", List.of(FailureText.of(e)));
            file = Optional.empty();
        }
        return shown;
    }

    private LogView ofCard(Row.OfCard row) {
        List<String> lines = new ArrayList<>();
        lines.add(String.join(
                "  ",
                List.of(
                        row.card().name(),
                        row.card().word(),
                        row.card().pci(),
                        row.host().driver())));
        lines.addAll(CardPage.details(row.card()));
        row.host().trouble().ifPresent(lines::add);
        row.host().note().ifPresent(lines::add);
        String index = row.card().index().isPresent() ? " " + row.card().index().getAsInt() : "";
        return new LogView(
                row.key(),
                "GPU" + index + " of " + row.host().host() + ": " + row.card().state(),
                lines);
    }

    private LogView ofJob(Row.OfJob row) throws IOException {
        return row.section().isQueue() ? ofFile(row) : ofRun(row);
    }

    private LogView ofFile(Row.OfJob row) throws IOException {
        Where where = row.section() == Section.HELD ? Where.HELD : Where.INCOMING;
        String reason = row.job().reason();
        String title = row.job().command() + (reason.isEmpty() ? " in " + where.word() + "/" : ": " + reason);
        Path dropped =
                RawNames.entry(where.in(places), Escapes.unescape(row.job().command()));
        Optional<FileFacts> now = FileFacts.of(dropped);
        if (now.isEmpty()) {
            return new LogView(row.key(), title, List.of("it is not there any more"));
        }
        if (!now.get().isRegular()) {
            return new LogView(row.key(), title, List.of("it is " + now.get().kind()));
        }
        if (isShown(row, dropped, now.get())) {
            return new LogView(row.key(), title, shown.lines());
        }
        try (InputStream in = Files.newInputStream(dropped)) {
            List<String> lines = LogLines.of(in.readNBytes(MOST_OF_A_FILE), true);
            return read(row, title, dropped, now.get(), lines);
        }
    }

    private LogView ofRun(Row.OfJob row) throws IOException {
        String title = "log of " + row.job().job();
        if (file.isEmpty()
                || !shown.key().equals(row.key())
                || FileFacts.of(file.get()).isEmpty()) {
            file = find(row.job().id());
        }
        Optional<FileFacts> now = file.isPresent() ? FileFacts.of(file.get()) : Optional.empty();
        if (now.isEmpty()) {
            String reason = row.job().reason();
            return new LogView(row.key(), title, List.of(reason.isEmpty() ? "it has printed nothing" : reason));
        }
        if (isShown(row, file.get(), now.get())) {
            return shown;
        }
        if (!now.get().isRegular()) {
            return new LogView(
                    row.key(), title, List.of("its output goes to " + now.get().kind()));
        }
        long from = Math.max(0, now.get().size() - MOST_BYTES);
        try (InputStream in = Files.newInputStream(file.get())) {
            in.skipNBytes(from);
            return read(row, title, file.get(), now.get(), LogLines.of(in.readNBytes(MOST_BYTES), from == 0));
        }
    }

    private boolean isShown(Row.OfJob row, Path path, FileFacts now) {
        return shown.key().equals(row.key())
                && file.filter(path::equals).isPresent()
                && facts.filter(now::hasSameContentAs).isPresent();
    }

    private LogView read(Row.OfJob row, String title, Path path, FileFacts now, List<String> lines) {
        file = Optional.of(path);
        facts = Optional.of(now);
        return new LogView(row.key(), title, lines);
    }

    /** Where a run's output lies now; in the order in which it travels. Empty where it has none yet. */
    private Optional<Path> find(String id) throws IOException {
        Optional<JobId> parsed = JobId.parse(id);
        List<Where> wheres = parsed.isPresent() ? List.of(Where.RUNNING, Where.DONE, Where.FAILED) : List.of();
        for (Where where : wheres) {
            JobDir dir = new JobDir(where.in(places).resolve(id), parsed.get());
            Optional<JobDir.Contents> contents = look(dir);
            if (contents.isPresent()) {
                boolean begun = contents.get().mark().begun() || where.isEnd();
                Optional<Path> elsewhere = contents.get().status().path(StatusFile.LOG);
                return elsewhere.isPresent()
                        ? elsewhere.filter(there -> begun)
                        : contents.get().startMark().map(dir::file);
            }
        }
        return Optional.empty();
    }

    /** Empty where it is, or was, in another of the places. */
    private Optional<JobDir.Contents> look(JobDir dir) throws IOException {
        try {
            return Optional.of(dir.look(fs));
        } catch (NoSuchFileException | NotDirectoryException e) {
            return Optional.empty();
        }
    }
}
