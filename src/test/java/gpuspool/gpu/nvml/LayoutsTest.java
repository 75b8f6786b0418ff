package gpuspool.gpu.nvml;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The numbers of {@code nvml.h} once more, by themselves; the fake library asserts them against a C compiler. */
class LayoutsTest {
    @Test
    void sizes_areThoseOfTheHeader() {
        assertEquals(
                List.of(24, 40, 16, 24, 68, 32, 40),
                List.of(
                        Layouts.MEMORY_V1_SIZE,
                        Layouts.MEMORY_V2_SIZE,
                        Layouts.PROCESS_V1_SIZE,
                        Layouts.PROCESS_V2_SIZE,
                        Layouts.PCI_SIZE,
                        Layouts.EVENT_SIZE,
                        Layouts.FIELD_SIZE));
        assertEquals(0x02000028, Layouts.MEMORY_V2_VERSION);
    }

    @Test
    void offsets_areThoseOfTheHeader() {
        assertEquals(
                List.of(0, 8, 16), List.of(Layouts.MEMORY_V1_TOTAL, Layouts.MEMORY_V1_FREE, Layouts.MEMORY_V1_USED));
        assertEquals(
                List.of(8, 24, 32), List.of(Layouts.MEMORY_V2_TOTAL, Layouts.MEMORY_V2_FREE, Layouts.MEMORY_V2_USED));
        assertEquals(List.of(0, 8), List.of(Layouts.PROCESS_PID, Layouts.PROCESS_MEMORY));
        assertEquals(36, Layouts.PCI_BUS_ID);
        assertEquals(
                List.of(0, 8, 16, 24, 28),
                List.of(
                        Layouts.EVENT_DEVICE,
                        Layouts.EVENT_TYPE,
                        Layouts.EVENT_DATA,
                        Layouts.EVENT_GPU_INSTANCE,
                        Layouts.EVENT_COMPUTE_INSTANCE));
        assertEquals(List.of(0, 28, 32), List.of(Layouts.FIELD_ID, Layouts.FIELD_RETURN, Layouts.FIELD_VALUE));
    }
}
