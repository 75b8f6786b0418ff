package gpuspool.top;

import gpuspool.gpu.GpuProcess;
import gpuspool.gpu.Reading;
import gpuspool.spool.HostNote;
import gpuspool.spool.JobRow;
import gpuspool.spool.Overview;
import gpuspool.spool.StatusFile;
import gpuspool.view.CardBoard;
import gpuspool.view.CardHost;
import gpuspool.view.CardView;
import gpuspool.view.Snapshot;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jline.utils.AttributedString;

/** A spool as it may be seen, made of values, and screens of it. */
final class Scenes {
    /** 2026-11-20T14:03:22Z. */
    static final long NOW = 1_795_183_402_000L;

    static final Path ROOT = Path.of("/data/spool");
    static final Path NO_HOST = Path.of("/nowhere");

    private Scenes() {}

    static JobRow job(String id, String state, String seconds, List<String> devices, String reason, String command) {
        String name = id.endsWith(".gpubox") ? id.substring(0, id.length() - ".gpubox".length()) : id;
        return new JobRow(
                name,
                id,
                state,
                OptionalInt.of(0),
                OptionalInt.of(devices.size()),
                seconds.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(seconds) * 1000),
                devices,
                devices,
                reason,
                command);
    }

    static JobRow queued(String file, String reason) {
        return job(file.replaceAll("\\.job$", ""), "queued", "75", List.of(), reason, file);
    }

    static CardView card(
            int index,
            String state,
            String why,
            double gib,
            int load,
            List<CardView.User> jobs,
            List<CardView.Occupant> on) {
        long total = 80L << 30;
        long used = (long) (gib * (1L << 30));
        return new CardView(
                "GPU-" + index,
                OptionalInt.of(index),
                "NVIDIA A100",
                "00000000:3B:00.0",
                true,
                state,
                why,
                jobs,
                Optional.of(new Reading.Memory(total, used, total - used)),
                new Reading.Figures(
                        OptionalInt.of(load),
                        OptionalInt.of(31 + load / 3),
                        OptionalInt.of(300_000),
                        OptionalInt.of(400_000)),
                on);
    }

    static CardView.User user(String job, String user, long seconds) {
        return new CardView.User(
                job, job + ".gpubox", user, "running", OptionalLong.of(seconds * 1000), OptionalLong.empty());
    }

    static List<CardView> cards() {
        GpuProcess python = new GpuProcess(
                4711,
                GpuProcess.Kind.COMPUTE,
                OptionalLong.of(20L << 30),
                Optional.of("bob"),
                Optional.of("python"),
                OptionalLong.empty());
        return List.of(
                card(0, "used", "", 34.1, 97, List.of(user("train-1.1", "root", 9600)), List.of()),
                card(1, "used", "", 71.5, 60, List.of(user("llama-7b.3", "root", 62)), List.of()),
                card(
                        2,
                        "foreign",
                        "",
                        20,
                        12,
                        List.of(),
                        List.of(new CardView.Occupant(python, Optional.empty(), false))),
                card(3, "free", "", 0, 0, List.of(), List.of()));
    }

    static HostNote host(Path directory) {
        String facts = "pid = 812\nsince = 2026-11-20T11:01:22.000Z\n";
        return new HostNote(
                "gpubox", directory, StatusFile.parse(facts.getBytes(StandardCharsets.UTF_8)), HostNote.Life.ALIVE);
    }

    static Overview overview(List<HostNote> hosts, boolean paused, List<JobRow> queue) {
        return new Overview(
                hosts,
                paused,
                false,
                false,
                List.of(
                        job("train-1.1.gpubox", "running", "9600", List.of("0"), "", "python train.py --lr 0.1"),
                        job("llama-7b.3.gpubox", "running", "62", List.of("1"), "", "torchrun --nproc 1 finetune.py"),
                        job("prep.1.gpubox", "stopping: cancelled", "5", List.of(), "", "./prep.sh")),
                List.of(),
                OptionalLong.of(NOW),
                queue.size() + 4,
                OptionalLong.of(75_000),
                queue,
                1,
                List.of(queued("later.job", "")),
                240,
                List.of(
                        job("eval.7.gpubox", "done", "61", List.of("3"), "", "python eval.py"),
                        job("eval.6.gpubox", "failed: exit 1", "3", List.of("3"), "", "python eval.py")));
    }

    static List<JobRow> queue() {
        return List.of(
                queued("big.job", "needs 2 GPUs, 1 free; GPU 2: bob's python (pid 4711)"),
                queued("lr-0.1.job", "behind big.job, which waits for 2 GPUs"),
                queued("tonight.job", "not before 22:30"));
    }

    static Sight sight(Overview overview, List<CardView> cards) throws Exception {
        CardHost host = new CardHost(
                "gpubox",
                HostNote.Life.ALIVE,
                OptionalLong.of(812),
                OptionalLong.empty(),
                "NVML 580",
                Optional.empty(),
                Optional.empty(),
                cards);
        CardBoard board = new CardBoard(NOW, Optional.of(ROOT), false, List.of(host));
        return Sight.of(new Snapshot(NOW, overview, board), new gpuspool.view.Users());
    }

    static Sight sight() throws Exception {
        return sight(overview(List.of(host(NO_HOST)), false, queue()), cards());
    }

    static final LogView LOG = new LogView(
            "run/train-1.1.gpubox",
            "log of train-1.1",
            List.of("epoch 1 loss 0.93", "epoch 2 loss 0.71", "epoch 3 loss 0.58", " 41%|████      | 410/1000"));

    static Screen.Scene scene(Sight sight, Ui ui, LogView log) {
        return new Screen.Scene(ROOT.toString(), Optional.of(sight), List.of(), ui, log, NOW, ZoneOffset.UTC);
    }

    static List<AttributedString> draw(Screen.Scene scene, int columns, int rows, boolean utf8, boolean coloured) {
        return Screen.of(scene, columns, rows, new Glyphs(utf8), new Paint(coloured));
    }

    /** Its lines without the blanks at their ends. */
    static String text(List<AttributedString> lines) {
        List<String> plain = new ArrayList<>();
        lines.forEach(line -> plain.add(line.toString().stripTrailing()));
        return String.join("\n", plain) + "\n";
    }
}
