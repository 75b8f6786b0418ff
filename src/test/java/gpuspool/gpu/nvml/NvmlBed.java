package gpuspool.gpu.nvml;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import gpuspool.gpu.Device;
import gpuspool.gpu.Reading;
import gpuspool.gpu.Survey;
import gpuspool.gpu.fake.FakeDriver;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** A backend on a fake driver. */
abstract class NvmlBed {
    static final long MIB = 1L << 20;
    static final long GIB = 1L << 30;
    static final int SELF = (int) ProcessHandle.current().pid();

    @TempDir
    Path dir;

    private NvmlBackend backend;

    @BeforeAll
    static void compiler() {
        FakeDriver.needCompiler();
    }

    @AfterEach
    void letGo() {
        if (backend != null) {
            backend.close();
        }
    }

    FakeDriver driver(int cards) {
        return driver(cards, FakeDriver.Build.NOW);
    }

    FakeDriver driver(int cards, FakeDriver.Build build) {
        return FakeDriver.in(dir.resolve("driver"), cards, build);
    }

    /** The root directory whose {@code /proc} is the kernel's. */
    Path root() {
        return dir.resolve("root");
    }

    NvmlBackend open(FakeDriver driver) throws NoNvmlException {
        letGo();
        backend = NvmlBackend.open(List.of(driver.directory()), root());
        return backend;
    }

    static Survey.Answer answer(NvmlBackend backend) {
        return assertInstanceOf(Survey.Answer.class, backend.survey());
    }

    static String silence(NvmlBackend backend) {
        return assertInstanceOf(Survey.Silence.class, backend.survey()).reason();
    }

    /** Of the card at this place of the list. */
    static Reading reading(NvmlBackend backend, int place) {
        Survey.Answer answer = answer(backend);
        Device device = answer.devices().get(place);
        return answer.readings().get(device.id());
    }

    static Reading.Known known(NvmlBackend backend, int place) {
        return assertInstanceOf(Reading.Known.class, reading(backend, place));
    }
}
