package gpuspool.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SelectionTest {
    private static final Device A = card(0, "GPU-5f0c2a1b-77aa", "NVIDIA H200");
    private static final Device B = card(1, "GPU-5f0d0000-0001", "NVIDIA H200");
    private static final Device C1 = part(2, "GPU-cccc0000-0002", "MIG-11110000-aaaa");
    private static final Device C2 = part(2, "GPU-cccc0000-0002", "MIG-22220000-bbbb");
    private static final Survey.Answer ALL = answer(A, B, C1, C2);

    private static Device card(int index, String uuid, String name) {
        return new Device(
                new GpuId.Uuid(uuid),
                Device.Vendor.NVIDIA,
                OptionalInt.of(index),
                name,
                "",
                OptionalLong.empty(),
                Optional.empty());
    }

    private static Device part(int index, String gpu, String uuid) {
        return new Device(
                new GpuId.Uuid(uuid),
                Device.Vendor.NVIDIA,
                OptionalInt.of(index),
                "MIG 1g.18gb",
                "",
                OptionalLong.empty(),
                Optional.of(gpu));
    }

    private static Survey.Answer answer(Device... devices) {
        return new Survey.Answer("NVIDIA 570.86.15", List.of(devices), Map.of(), Links.UNKNOWN);
    }

    private static Selection of(String list) throws BadDeviceListException {
        return new Selection(Optional.of(DeviceList.parse(list, "--devices")), "--devices");
    }

    private static List<String> words(List<Device> devices) {
        return devices.stream().map(device -> device.id().word()).toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0                   | GPU-5f0c2a1b-77aa",
                "1,0                 | GPU-5f0c2a1b-77aa GPU-5f0d0000-0001",
                "GPU-5f0c2a1b-77aa   | GPU-5f0c2a1b-77aa",
                "GPU-5f0c            | GPU-5f0c2a1b-77aa",
                "GPU-5F0C2A1B        | GPU-5f0c2a1b-77aa",
                "GPU-5f0d,0          | GPU-5f0c2a1b-77aa GPU-5f0d0000-0001",
                "0,GPU-5f0c          | GPU-5f0c2a1b-77aa",
                "2                   | MIG-11110000-aaaa MIG-22220000-bbbb",
                "GPU-cc              | MIG-11110000-aaaa MIG-22220000-bbbb",
                "MIG-2               | MIG-22220000-bbbb",
                "2,MIG-1             | MIG-11110000-aaaa MIG-22220000-bbbb",
            })
    void names_areLookedUp(String list, String words) throws Exception {
        assertEquals(List.of(words.split(" ")), words(of(list).of(ALL)));
    }

    @Test
    void nothingNamed_isAll() throws Exception {
        Selection all = new Selection(Optional.empty(), "--devices");
        assertEquals(List.of(A, B, C1, C2), all.of(ALL));
        assertEquals(List.of(B), all.of(answer(B)));
        assertEquals(List.of(), all.of(answer()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "7           | --devices: no GPU 7 here; there are 0 (NVIDIA H200, GPU-5f0c2a1b…), 1 (NVIDIA H200, GPU-5f0d0000…), "
                        + "2 (MIG 1g.18gb, MIG-11110000…), 2 (MIG 1g.18gb, MIG-22220000…)",
                "0,GPU-dead  | --devices: no GPU-dead here; there are 0 (NVIDIA H200, GPU-5f0c2a1b…), 1 (NVIDIA H200, GPU-5f0d0000…), "
                        + "2 (MIG 1g.18gb, MIG-11110000…), 2 (MIG 1g.18gb, MIG-22220000…)",
                "GPU-5f0     | --devices: GPU-5f0 fits GPU-5f0c2a1b-77aa and GPU-5f0d0000-0001; write more of it",
            })
    void nameThatFitsNoneOrMore_isAnErrorThatNamesWhatThereIs(String list, String message) throws Exception {
        Selection selection = of(list);
        assertEquals(
                message,
                assertThrows(BadDeviceListException.class, () -> selection.of(ALL))
                        .getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"true | there is only 0 (NVIDIA H200, GPU-5f0c2a1b…)", "false | the driver tells of none"})
    void fewCards_areNamedInGoodEnglish(boolean one, String words) throws Exception {
        Selection selection = of("7");
        Survey.Answer few = one ? answer(A) : answer();
        assertEquals(
                "--devices: no GPU 7 here; " + words,
                assertThrows(BadDeviceListException.class, () -> selection.of(few))
                        .getMessage());
    }

    @Test
    void wholeName_isNotTheBeginningOfAnother() throws Exception {
        Device one = part(0, "GPU-5f0c2a1b-77aa", "MIG-GPU-5f0c2a1b-77aa/1/1");
        Device ten = part(0, "GPU-5f0c2a1b-77aa", "MIG-GPU-5f0c2a1b-77aa/1/10");
        assertEquals(List.of(one), of("MIG-GPU-5f0c2a1b-77aa/1/1").of(answer(one, ten)));
    }

    /** A card that falls out may take the numbers of the others with it. */
    @Test
    void onceFound_numbersAreOfTheSameCardsForGood() throws Exception {
        Selection second = of("1,2");
        assertEquals(List.of(B, C1, C2), second.of(ALL));
        Device moved = card(0, "GPU-5f0d0000-0001", "NVIDIA H200");
        Device stranger = card(1, "GPU-eeee0000-0009", "NVIDIA H200");
        assertEquals(List.of(moved), second.of(answer(moved, stranger)));
        Device c3 = part(2, "GPU-cccc0000-0002", "MIG-33330000-cccc");
        assertEquals(List.of(B, C2, c3), second.of(answer(A, B, C2, c3)));
    }

    @Test
    void allGone_isAnError() throws Exception {
        Selection second = of("1");
        assertEquals(List.of(B), second.of(ALL));
        BadDeviceListException e = assertThrows(BadDeviceListException.class, () -> second.of(answer(A)));
        assertEquals(
                "--devices: none of these GPUs is here now; there is only 0 (NVIDIA H200, GPU-5f0c2a1b…)",
                e.getMessage());
    }

    /** Lost from the beginning, its UUID unknown: it is the same one when it comes back with its name. */
    @Test
    void cardThatHadNoName_isKnownAgain() throws Exception {
        Device lost = new Device(
                new GpuId.Index(1),
                Device.Vendor.NVIDIA,
                OptionalInt.of(1),
                "",
                "",
                OptionalLong.empty(),
                Optional.empty());
        Selection second = of("1");
        assertEquals(List.of(lost), second.of(answer(A, lost)));
        assertEquals(List.of(B), second.of(answer(A, B)));
    }

    @Test
    void numbersThatProgramsMayCountOtherwise_areWarnedOf() throws Exception {
        Device old = card(1, "GPU-0000aaaa-0001", "Tesla P4");
        Selection visible = of("1").countedFastestFirst();
        assertEquals(
                Optional.of(
                        "--devices names GPUs by number, and there are several models here. Numbers are taken in PCI order, not the fastest first; to be sure, name UUIDs, or set CUDA_DEVICE_ORDER=PCI_BUS_ID: there are 0 (NVIDIA H200, GPU-5f0c2a1b…), 1 (Tesla P4, GPU-0000aaaa…)"),
                visible.doubt(answer(A, old)));
        assertEquals(Optional.empty(), visible.doubt(answer(A, B)));
        assertEquals(Optional.empty(), of("1").doubt(answer(A, old)));
        assertEquals(Optional.empty(), of("GPU-5f0c").countedFastestFirst().doubt(answer(A, old)));
    }
}
