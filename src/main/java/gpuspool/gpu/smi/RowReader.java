package gpuspool.gpu.smi;

import gpuspool.gpu.Device;
import gpuspool.gpu.GpuId;
import gpuspool.gpu.GpuProcess;
import gpuspool.gpu.Reading;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** From the values of one GPU to what they mean. What is no number is not known, never 0. */
final class RowReader {
    private static final int MILLI = 1000;

    private RowReader() {}

    static Device device(Map<String, String> row) {
        return new Device(
                new GpuId.Uuid(row.get(Cards.UUID)),
                Device.Vendor.NVIDIA,
                OptionalInt.of(Integer.parseInt(row.get(Cards.INDEX))),
                row.getOrDefault(Cards.NAME, ""),
                Csv.address(row.get(Cards.PCI)),
                Csv.bytes(value(row, Cards.TOTAL)),
                Optional.empty());
    }

    static boolean isSplit(Map<String, String> row) {
        return value(row, Cards.SPLIT).equals("Enabled");
    }

    /** Words such as {@code [GPU is lost]} that stand in place of values that every GPU has. */
    static Optional<String> trouble(Map<String, String> row) {
        return List.of(Cards.TOTAL, Cards.USED, Cards.FREE, Cards.MODE, Cards.RECOVERY).stream()
                .map(field -> value(row, field))
                .filter(value -> value.contains("lost")
                        || value.contains("Error")
                        || value.contains("eset required")
                        || value.contains("requires reset"))
                .findFirst();
    }

    static Reading reading(Map<String, String> row, Optional<List<GpuProcess>> processes, boolean memoryFailed) {
        String action = value(row, Cards.RECOVERY);
        if (action.matches("[A-Za-z].*") && !action.equals("None") && !action.equals("N/A")) {
            return new Reading.Sick("the driver asks for recovery: " + action + " (gpu_recovery_action)");
        }
        if (memoryFailed) {
            return new Reading.Sick("its memory has failed: a row could not be remapped (remapped_rows.failure)");
        }
        Optional<Reading.Memory> memory = memory(row);
        return new Reading.Known(memory, processes.filter(list -> canBe(list, memory)), mode(row), figures(row));
    }

    private static Optional<Reading.Memory> memory(Map<String, String> row) {
        OptionalLong total = Csv.bytes(value(row, Cards.TOTAL));
        OptionalLong used = Csv.bytes(value(row, Cards.USED));
        OptionalLong free = Csv.bytes(value(row, Cards.FREE));
        boolean told = total.isPresent() && used.isPresent() && free.isPresent() && total.getAsLong() > 0;
        return told && used.getAsLong() <= total.getAsLong() && free.getAsLong() <= total.getAsLong()
                ? Optional.of(new Reading.Memory(total.getAsLong(), used.getAsLong(), free.getAsLong()))
                : Optional.empty();
    }

    /** A process that has more than there is shows that the list was not understood. */
    private static boolean canBe(List<GpuProcess> processes, Optional<Reading.Memory> memory) {
        return memory.isEmpty()
                || processes.stream()
                        .allMatch(one -> one.memory().orElse(0) <= memory.get().total());
    }

    private static Reading.ComputeMode mode(Map<String, String> row) {
        return switch (value(row, Cards.MODE)) {
            case "Prohibited" -> Reading.ComputeMode.PROHIBITED;
            case "Exclusive_Process", "Exclusive_Thread" -> Reading.ComputeMode.EXCLUSIVE;
            default -> Reading.ComputeMode.SHARED;
        };
    }

    private static Reading.Figures figures(Map<String, String> row) {
        return new Reading.Figures(
                Csv.figure(value(row, Cards.UTILISATION), 1),
                Csv.figure(value(row, Cards.TEMPERATURE), 1),
                Csv.figure(value(row, Cards.POWER), MILLI),
                Csv.figure(value(row, Cards.POWER_LIMIT), MILLI));
    }

    private static String value(Map<String, String> row, String field) {
        return row.getOrDefault(field, "");
    }
}
