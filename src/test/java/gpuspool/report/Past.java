package gpuspool.report;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** A past that never was, as a record tells it: users with habits, days and nights, jobs that fail and jobs that waste. */
final class Past {
    private static final long HOUR = 3_600_000;
    private static final long GIB = 1L << 30;
    private static final List<Integer> OWNERS = List.of(0, 1000, 1001, 1002, 1003, 33, 65534);
    private static final List<String> COMMANDS = List.of(
            "python train.py --model resnet50 --lr 3e-4",
            "torchrun --nproc-per-node 2 pretrain.py --config base.yaml",
            "python eval.py --checkpoint last.pt",
            "bash sweep.sh",
            "python finetune.py --lora 16",
            "nvidia-smi -q",
            "python preprocess.py <raw & \"quoted\">");

    private final Random random;
    private final String host;
    private final List<String> cards;

    Past(long seed, String host, int cards) {
        random = new Random(seed);
        this.host = host;
        this.cards = new ArrayList<>();
        for (int i = 0; i < cards; i++) {
            this.cards.add(String.format(Locale.ROOT, "GPU-%08x-0000-4000-8000-00000000000%x", i * 7919, i));
        }
    }

    static String time(long millis) {
        return gpuspool.spool.Times.format(Instant.ofEpochMilli(millis));
    }

    /** Three lines for each job, in the order of their times on each card. */
    void write(Path file, long since, long until) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            long[] free = new long[cards.size()];
            java.util.Arrays.fill(free, since);
            for (int n = 1; ; n++) {
                int card = 0;
                for (int i = 1; i < free.length; i++) {
                    card = free[i] < free[card] ? i : card;
                }
                long start = free[card] + (long) (random.nextDouble() * random.nextDouble() * 3 * HOUR);
                if (start >= until) {
                    break;
                }
                int kind = random.nextInt(COMMANDS.size());
                long length =
                        (long) Math.min(40 * HOUR, Math.exp(random.nextGaussian() * 1.3) * (kind + 0.3) * HOUR / 2);
                long end = start + Math.max(2000, length);
                free[card] = end;
                long wait = (long) (Math.exp(random.nextGaussian() * 2.2) * 60_000);
                out.write(job(n, kind, List.of(cards.get(card)), start - wait, start, Math.min(end, until)));
            }
        }
    }

    private String job(int n, int kind, List<String> on, long queued, long start, long end) {
        int owner = OWNERS.get((kind * 3 + random.nextInt(3)) % OWNERS.size());
        double luck = random.nextDouble();
        String ending = luck < 0.86
                ? "\"ending\":\"exited\",\"exit\":0"
                : luck < 0.93
                        ? "\"ending\":\"exited\",\"exit\":1"
                        : luck < 0.96
                                ? "\"ending\":\"exited\",\"exit\":137"
                                : luck < 0.98 ? "\"ending\":\"timed out\",\"exit\":143" : "\"ending\":\"cancelled\"";
        int busy = (int) Math.max(0, Math.min(100, 70 + random.nextGaussian() * 25 - (kind == 3 ? 55 : 0)));
        long peak = (long) ((kind == 3 ? 6 : 30 + random.nextInt(48)) * (double) GIB);
        String id = "\"job\":\"job" + n + ".1\",\"id\":\"job" + n + ".1." + host + "\"";
        String who =
                "\"name\":\"job" + n + ".job\",\"owner\":" + owner + ",\"queued\":\"" + time(queued) + "\",\"gpus\":[\""
                        + String.join("\",\"", on) + "\"],\"command\":\""
                        + COMMANDS.get(kind).replace("\"", "\\\"") + "\"";
        String waited = start - queued > 5000
                ? ",\"waited_for\":\"needs 1 GPU, 0 free; GPU 3: used by job" + (n - 1) + ".1 since 14:02\""
                : "";
        return "{\"time\":\"" + time(queued + 40) + "\"," + id + ",\"state\":\"claimed\"," + who + "}\n"
                + "{\"time\":\"" + time(start) + "\"," + id + ",\"state\":\"running\"," + who
                + ",\"script\":\"#!/bin/sh\\nset -e\\n" + COMMANDS.get(kind).replace("\"", "\\\"")
                + "\\n\",\"pid\":4711,\"started\":\"" + time(start) + "\",\"log\":\"running/x/output.log\"}\n"
                + "{\"time\":\"" + time(end) + "\"," + id + ",\"state\":\"" + (luck < 0.86 ? "done" : "failed") + "\","
                + who
                + ",\"pid\":4711,\"started\":\"" + time(start) + "\",\"log\":\"done/x/output.log\"," + ending
                + ",\"elapsed\":" + (end - start) + waited + ",\"gpu_util\":" + busy + ",\"gpu_mem_peak\":" + peak
                + ",\"gpu_mem_total\":" + 80 * GIB + "}\n";
    }

    /** For people who want to look at a report: {@code Past SPOOL DAYS CARDS}. */
    public static void main(String[] words) throws IOException {
        long now = System.currentTimeMillis();
        Path host = Files.createDirectories(Path.of(words[0]).resolve("hosts/gpubox"));
        new Past(7, "gpubox", Integer.parseInt(words[2]))
                .write(host.resolve("history.jsonl"), now - Long.parseLong(words[1]) * 24 * HOUR, now);
    }
}
