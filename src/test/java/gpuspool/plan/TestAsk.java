package gpuspool.plan;

import gpuspool.job.CardWish;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A job of a test that asks for cards. */
record TestAsk(
        String name,
        int gpus,
        CardWish wish,
        int owner,
        Optional<Duration> time,
        Duration grace,
        OptionalLong blockedSince)
        implements Placement.Request {

    static TestAsk of(String name, int gpus) {
        return new TestAsk(name, gpus, CardWish.ANY, 1, Optional.empty(), Duration.ZERO, OptionalLong.empty());
    }

    TestAsk hours(int hours) {
        return lasting(Duration.ofHours(hours));
    }

    TestAsk lasting(Duration atMost) {
        return new TestAsk(name, gpus, wish, owner, Optional.of(atMost), grace, blockedSince);
    }

    TestAsk grace(Duration rest) {
        return new TestAsk(name, gpus, wish, owner, time, rest, blockedSince);
    }

    TestAsk owner(int uid) {
        return new TestAsk(name, gpus, wish, uid, time, grace, blockedSince);
    }

    TestAsk type(String type) {
        return wishing(new CardWish(wish.devices(), Optional.of(type), wish.memory(), wish.pin()));
    }

    TestAsk devices(List<String> devices) {
        return wishing(new CardWish(devices, wish.type(), wish.memory(), wish.pin()));
    }

    TestAsk gib(int memory) {
        return wishing(new CardWish(wish.devices(), wish.type(), OptionalLong.of((long) memory << 30), wish.pin()));
    }

    private TestAsk wishing(CardWish other) {
        return new TestAsk(name, gpus, other, owner, time, grace, blockedSince);
    }

    TestAsk blockedFor(long now, Duration time) {
        return new TestAsk(name, gpus, wish, owner, this.time, grace, OptionalLong.of(now - time.toNanos()));
    }
}
