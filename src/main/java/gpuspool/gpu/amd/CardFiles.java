package gpuspool.gpu.amd;

import gpuspool.gpu.Reading;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** What the driver tells in the directory of a card. */
final class CardFiles {
    private static final int MILLI = 1000;

    private final Path place;

    CardFiles(Path place) {
        this.place = place;
    }

    /** Cards for servers tell it. */
    Optional<String> name() {
        return SysFile.word(place.resolve("product_name"));
    }

    OptionalLong total() {
        return SysFile.number(place.resolve("mem_info_vram_total"));
    }

    /** @throws IOException if it cannot be read, or cannot be */
    Reading.Memory memory() throws IOException {
        long total = number("mem_info_vram_total");
        long used = number("mem_info_vram_used");
        if (total <= 0 || used > total) {
            throw new IOException(place + " tells of " + used + " bytes in use of " + total);
        }
        return new Reading.Memory(total, used, total - used);
    }

    private long number(String name) throws IOException {
        Path file = place.resolve(name);
        String text = SysFile.text(file);
        if (!text.matches("\\d{1,18}")) {
            throw new IOException(file + " holds no number");
        }
        return Long.parseLong(text);
    }

    Reading.Figures figures() {
        return new Reading.Figures(
                figure(SysFile.number(place.resolve("gpu_busy_percent")), 1),
                figure(sensor("temp1_input"), MILLI),
                figure(firstOf("power1_average", "power1_input"), MILLI),
                figure(sensor("power1_cap"), MILLI));
    }

    private OptionalLong firstOf(String one, String other) {
        OptionalLong first = sensor(one);
        return first.isPresent() ? first : sensor(other);
    }

    /** Thousandths of a degree; millionths of a watt. */
    private OptionalLong sensor(String name) {
        try {
            List<Path> monitors = SysFile.numbered(place.resolve("hwmon"), "hwmon");
            return monitors.isEmpty()
                    ? OptionalLong.empty()
                    : SysFile.number(monitors.get(0).resolve(name));
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    private static OptionalInt figure(OptionalLong value, int divisor) {
        return value.isPresent()
                ? OptionalInt.of((int) Math.min(Integer.MAX_VALUE, value.getAsLong() / divisor))
                : OptionalInt.empty();
    }
}
