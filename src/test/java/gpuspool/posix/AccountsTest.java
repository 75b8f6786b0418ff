package gpuspool.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class AccountsTest {
    @Test
    void name_hasTheUidOfItsLine() throws IOException {
        assertEquals(OptionalInt.of(0), new Accounts().uid("root"));
    }

    @Test
    void unknownName_hasNone() throws IOException {
        assertEquals(OptionalInt.empty(), new Accounts().uid("nobody-is-called-so"));
        assertEquals(OptionalInt.empty(), new Accounts().uid("--help"));
        assertEquals(OptionalInt.empty(), new Accounts().uid("roo"));
    }

    @Test
    void number_isAUidAsTheKernelTellsIt() {
        assertEquals(OptionalInt.of(1001), Accounts.number("1001"));
        assertEquals(OptionalInt.of(-2), Accounts.number("4294967294"));
        assertEquals(OptionalInt.empty(), Accounts.number("-2"));
        assertEquals(OptionalInt.empty(), Accounts.number("alice"));
    }
}
