package gpuspool.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.instanceOf;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

class SkipPolicyTest {

    /** Skips itself and is on no list; nothing here mentions the policy. */
    static class Unlisted {
        @Test
        void skips() {
            assumeTrue(false, "no reason");
        }
    }

    static class UnlistedBeforeEach {
        @BeforeEach
        void skips() {
            assumeTrue(false);
        }

        @Test
        void neverRuns() {}
    }

    static class UnlistedBeforeAll {
        @BeforeAll
        static void skips() {
            assumeTrue(false);
        }

        @Test
        void neverRuns() {}
    }

    static class UnlistedConstructor {
        UnlistedConstructor() {
            assumeTrue(false);
        }

        @Test
        void neverRuns() {}
    }

    static class UnlistedMany {
        @ParameterizedTest
        @ValueSource(ints = {1, 2})
        void skips(int n) {
            assumeTrue(n == 0);
        }

        @TestFactory
        Stream<DynamicTest> made() {
            return Stream.of(DynamicTest.dynamicTest("one", () -> assumeTrue(false)));
        }
    }

    static class Listed {
        static final List<String> REPORT = new ArrayList<>();

        @RegisterExtension
        static final SkipPolicy OWN_LIST =
                new SkipPolicy(Map.of("SkipPolicyTest.Listed.skips", "the moon"), Listed.REPORT::add);

        @Test
        void skips() {
            assumeTrue(false, "no moon");
        }

        @Test
        void unlistedNeighbour() {
            assumeTrue(false, "no sun");
        }
    }

    @Test
    void unlistedSkip_failsAndSaysWhere() {
        EngineExecutionResults results = run(Unlisted.class, true);
        results.testEvents()
                .assertStatistics(stats -> stats.started(1).failed(1).aborted(0));
        results.testEvents()
                .assertThatEvents()
                .haveExactly(
                        1,
                        event(finishedWithFailure(
                                instanceOf(AssertionError.class),
                                message(m ->
                                        m.startsWith("SkipPolicyTest.Unlisted.skips skipped itself (no reason)")))));
    }

    @Test
    void unlistedSkip_failsWhereverItHappens() {
        assertFailures(UnlistedBeforeEach.class, 1);
        assertFailures(UnlistedConstructor.class, 1);
        assertFailures(UnlistedMany.class, 3);
        EngineExecutionResults all = run(UnlistedBeforeAll.class, true);
        assertEquals(1, all.containerEvents().failed().count());
        assertEquals(0, all.allEvents().aborted().count());
    }

    @Test
    void listedSkip_staysASkipAndIsTold() {
        Listed.REPORT.clear();
        run(Listed.class, false)
                .testEvents()
                .assertStatistics(stats -> stats.started(2).aborted(1).failed(1));
        assertEquals(List.of("SKIPPED SkipPolicyTest.Listed.skips: no moon"), Listed.REPORT);
    }

    @Test
    void list_wantsToKnowWhatATestNeeds() {
        assertEquals(Map.of("A.b", "a c", "A.B.*", "d"), SkipPolicy.parse("# x\n\nA.b  # a c\nA.B.* # d\n"));
        assertThrows(IllegalArgumentException.class, () -> SkipPolicy.parse("A.b\n"));
        assertThrows(IllegalArgumentException.class, () -> SkipPolicy.parse("A.b #\n"));
        assertThrows(IllegalArgumentException.class, () -> SkipPolicy.parse("A # a class is too much\n"));
        assertThrows(IllegalArgumentException.class, () -> SkipPolicy.parse("A.b # c\nA.b # d\n"));
    }

    private static void assertFailures(Class<?> type, int expected) {
        EngineExecutionResults results = run(type, true);
        assertEquals(expected, results.testEvents().failed().count(), type.getSimpleName());
        assertEquals(0, results.allEvents().aborted().count(), type.getSimpleName());
    }

    /** Runs a class by itself; {@code autodetect} as {@code junit-platform.properties} asks for it. */
    private static EngineExecutionResults run(Class<?> type, boolean autodetect) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(type))
                .configurationParameter("junit.jupiter.extensions.autodetection.enabled", Boolean.toString(autodetect))
                .execute();
    }
}
