package gpuspool.spool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A spool whose job directories are made by hand, and the record of host {@code box}. */
public final class RecordTree {
    public final Layout places;
    public final HistoryFiles files;
    private int minute;

    public RecordTree(Path root) throws IOException {
        places = SpoolMaker.make(root, new DiskFs()).places();
        files = HistoryFiles.of(places, "box");
        Files.createDirectories(files.directory());
    }

    /** A job directory as a watcher would have left it; each is a minute later than the one before. */
    public Path job(String where, String id) throws IOException {
        minute++;
        Path dir = Files.createDirectory(places.root().resolve(where).resolve(id));
        String stem = id.substring(0, id.indexOf('.'));
        Files.writeString(dir.resolve(stem + ".job"), "true\n");
        Files.writeString(dir.resolve("script"), "true\n");
        Files.createFile(dir.resolve("output.log"));
        boolean done = where.equals("done");
        boolean end = !where.equals("running");
        Files.createFile(dir.resolve(!end ? "started" : done ? "exit.0" : "exit.3"));
        Files.writeString(
                dir.resolve("status"),
                "name = " + stem + ".job\nid = " + id + "\nowner = 0\ndevices = sim:0\nqueued = " + time(0)
                        + "\nclaimed = " + time(1) + "\ncommand = true\npid = 5\nstarted = " + time(2) + "\n"
                        + (end ? "ending = exited\nended = " + time(3) + "\nelapsed = 1000\n" : ""));
        return dir;
    }

    private String time(int second) {
        return String.format("2026-01-02T%02d:%02d:%02d.000Z", minute / 60, minute % 60, second);
    }

    /** A line of a job that is gone from the tree; it is not made as ours are, so that it can be told. */
    public static String gone(String id, String state, String time) {
        return "{\"id\": \"" + id + "\", \"state\": \"" + state + "\", \"time\": \"" + time + "\", \"by\": \"hand\"}\n";
    }

    public HistoryRebuild.Result rebuild() throws IOException {
        return new HistoryRebuild(places, "box", new DiskFs()).run();
    }

    /** All lines that can be read in the record, older parts first. */
    public List<String> lines() throws IOException {
        List<Path> all = new ArrayList<>();
        for (int part : files.parts(new DiskFs())) {
            all.add(files.part(part));
        }
        all.add(files.current());
        List<String> lines = new ArrayList<>();
        for (Path file : all) {
            if (Files.exists(file)) {
                try (HistoryReader reader = new HistoryReader(file)) {
                    for (var line = reader.next(); line.isPresent(); line = reader.next()) {
                        lines.add(line.get().text() + "\n");
                    }
                }
            }
        }
        return lines;
    }

    /** The names in the host's directory. */
    public List<String> names() throws IOException {
        return new DiskFs().list(files.directory());
    }
}
