package gpuspool.report;

import gpuspool.spool.RecordedRun;
import gpuspool.view.Words;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Runs as lines of CSV (RFC 4180). What is not known is an empty field. */
public final class CsvTable {
    /** The first line. */
    public static final String HEAD =
            "job,id,host,user,uid,queued,started,ended,wait_seconds,elapsed_seconds,gpus,gpu_seconds,"
                    + "cards,ending,exit,done,gpu_util_percent,gpu_mem_bytes,gpu_mem_peak_bytes,gpu_mem_total_bytes,"
                    + "command,waited_for,reason\r\n";

    private static final double MILLIS = 1000;

    private final DateTimeFormatter moment;
    private final Format format;

    /** @param zone in which times are written, with its offset */
    public CsvTable(ZoneId zone) {
        moment = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSxxx", Locale.ROOT)
                .withZone(zone);
        format = new Format(zone);
    }

    /** One line, with its line end. */
    public String line(RecordedRun run) throws IOException {
        int owner = run.owner().orElse(-1);
        long cards = run.gpus().size();
        List<String> fields = new ArrayList<>(List.of(
                run.job(),
                run.id(),
                run.host(),
                owner < 0 ? "" : format.user(owner),
                number(run.owner()),
                time(run.queued()),
                time(run.started()),
                time(run.ended()),
                seconds(run.waited()),
                seconds(run.elapsed()),
                Long.toString(cards)));
        fields.add(
                run.elapsed().isPresent()
                        ? seconds(OptionalLong.of(run.elapsed().getAsLong() * cards))
                        : "");
        fields.addAll(List.of(
                String.join(" ", run.gpus()),
                run.ending(),
                number(run.exit()),
                run.done() ? "1" : "0",
                number(run.utilisation()),
                number(run.memory()),
                number(run.peak()),
                number(run.total()),
                run.command(),
                run.waitedFor(),
                run.reason()));
        fields.replaceAll(CsvTable::field);
        return String.join(",", fields) + "\r\n";
    }

    private String time(OptionalLong millis) {
        return millis.isEmpty() ? "" : moment.format(Instant.ofEpochMilli(millis.getAsLong()));
    }

    private static String seconds(OptionalLong millis) {
        return millis.isEmpty() ? "" : String.format(Locale.ROOT, "%.3f", millis.getAsLong() / MILLIS);
    }

    private static String number(OptionalInt number) {
        return number.isEmpty() ? "" : Integer.toString(number.getAsInt());
    }

    private static String number(OptionalLong number) {
        return number.isEmpty() ? "" : Long.toString(number.getAsLong());
    }

    /** A text that a spreadsheet would take for a formula begins with an escape of the record's own kind. */
    private static String field(String text) {
        boolean formula = !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0;
        String safe = formula ? String.format(Locale.ROOT, "\\x%02x", (int) text.charAt(0)) + text.substring(1) : text;
        safe = Words.safe(safe);
        boolean quoted = safe.matches("(?s).*[,\"\r\n].*");
        return quoted ? '"' + safe.replace("\"", "\"\"") + '"' : safe;
    }
}
