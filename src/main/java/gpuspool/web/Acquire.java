package gpuspool.web;

import gpuspool.foreground.Granted;
import gpuspool.foreground.Keeper;
import gpuspool.foreground.Taken;
import gpuspool.foreground.Turn;
import gpuspool.foreground.Wish;
import gpuspool.job.Foreground;
import gpuspool.job.Stem;
import gpuspool.posix.FailureText;
import gpuspool.posix.FileFacts;
import gpuspool.posix.ProcFiles;
import gpuspool.posix.TcpSockets;
import gpuspool.spool.Fs;
import gpuspool.spool.Grant;
import gpuspool.spool.HostNote;
import gpuspool.spool.Looker;
import gpuspool.spool.Spool;
import gpuspool.spool.WebToken;
import gpuspool.view.Json;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import tools.jackson.core.JsonGenerator;

/**
 * {@code POST /acquire}: cards for a process of the caller's, by way of the queue. The request waits with its connection: closed, it is
 * withdrawn. What asks is this server, and the drop says so, so that it is over too when the server is killed. From the moment the cards
 * are taken over they are the process's, whatever becomes of the server: {@code spool-layout.md}, section 13.
 */
final class Acquire {
    private static final int MOST_AT_ONCE = 256;
    private static final int UNAVAILABLE = 503;
    private static final int CONFLICT = 409;
    private static final String BEARER = "Bearer ";
    private static final long SECOND = 1_000_000_000L;
    private static final long MINUTE = 60 * SECOND;

    private final Spool spool;
    private final Looker looker;
    private final Fs fs;
    private final WebToken token;
    private final Semaphore room = new Semaphore(MOST_AT_ONCE);

    Acquire(Spool spool, Looker looker, Fs fs) {
        this.spool = spool;
        this.looker = looker;
        this.fs = fs;
        token = new WebToken(spool.places(), looker.host(), fs);
    }

    /** Makes the token where it is missing, so that it can be read before it is needed. */
    void prepare() throws IOException {
        Optional<String> unused = token.read();
    }

    Answer answer(Request request) throws IOException, InterruptedException, Refusal {
        if (!request.client().getAddress().isLoopbackAddress()) {
            throw new Refusal(403, "cards are given on the machine itself: ask there, at the loopback");
        }
        checkToken(request);
        AcquireBody body = AcquireBody.parse(request.body());
        OptionalLong start = ProcFiles.startTicks(body.pid());
        Optional<FileFacts> process = fs.look(Path.of("/proc", Integer.toString(body.pid())));
        if (start.isEmpty() || process.isEmpty()) {
            throw new Refusal(404, "there is no process " + body.pid() + " on this machine");
        }
        if (process.get().owner() != WebToken.ownUid()) {
            throw new Refusal(403, "process " + body.pid() + " is another user's");
        }
        checkWatcher();
        if (!room.tryAcquire()) {
            throw new Refusal(UNAVAILABLE, MOST_AT_ONCE + " requests wait already; try again later");
        }
        try {
            request.deadline().lift();
            int own = ProcFiles.ownPid();
            Foreground.Owner asker =
                    new Foreground.Owner(own, ProcFiles.startTicks(own).orElseThrow());
            return acquire(
                    body,
                    new Foreground(looker.host(), body.pid(), start.getAsLong(), Optional.of(asker)),
                    new Client(request.exchange().getLocalAddress(), request.client()));
        } finally {
            room.release();
        }
    }

    private void checkToken(Request request) throws Refusal {
        Optional<String> expected;
        try {
            expected = token.read();
        } catch (IOException e) {
            throw new Refusal(UNAVAILABLE, "the token of this server cannot be used: " + e.getMessage());
        }
        if (expected.isEmpty()) {
            throw new Refusal(UNAVAILABLE, "no watcher has ever run here; start one: gpuspool watch");
        }
        byte[] given = request.header("Authorization")
                .filter(header -> header.startsWith(BEARER))
                .map(header -> header.substring(BEARER.length()).strip())
                .orElse("")
                .getBytes(StandardCharsets.UTF_8);
        if (!MessageDigest.isEqual(given, expected.get().getBytes(StandardCharsets.UTF_8))) {
            throw new Refusal(
                    401,
                    (given.length == 0 ? "this needs a token" : "this is not the token")
                            + "; send: Authorization: Bearer, a blank, and what stands in " + token.file());
        }
    }

    private void checkWatcher() throws IOException, Refusal {
        for (HostNote note : HostNote.readAll(spool.places(), looker)) {
            if (note.host().equals(looker.host()) && note.life() == HostNote.Life.ALIVE) {
                return;
            }
        }
        throw new Refusal(UNAVAILABLE, "no watcher runs here, so nobody gives cards; start one: gpuspool watch");
    }

    /** Whoever waits for the answer, by the kernel's word alone: nothing can be read or written meanwhile. */
    private record Client(InetSocketAddress here, InetSocketAddress there) {
        boolean isThere() throws IOException {
            return TcpSockets.find(here, there)
                    .filter(TcpSockets.Socket::isEstablished)
                    .isPresent();
        }
    }

    private Answer acquire(AcquireBody body, Foreground process, Client client)
            throws IOException, InterruptedException, Refusal {
        Wish wish = new Wish(
                body.name().orElseGet(() -> name(process.pid())),
                command(process.pid()),
                Map.of("gpus", Integer.toString(body.gpus())));
        gpuspool.foreground.Request place = gpuspool.foreground.Request.drop(spool, process, wish, fs);
        boolean over = false;
        try {
            Turn turn = await(place, client);
            over = !(turn instanceof Turn.Given);
            Taken taken = turn instanceof Turn.Given given ? take(given.granted(), client) : none(turn);
            over = true;
            Grant grant = taken.grant();
            keep(taken, process);
            return Answer.json(Json.text(out -> write(out, taken, grant)).getBytes(StandardCharsets.UTF_8));
        } finally {
            if (!over && !place.withdraw()) {
                place.stop();
            }
        }
    }

    private static void keep(Taken taken, Foreground process) throws Refusal {
        try {
            Keeper.start(taken, process.pid(), process.start());
        } catch (IOException e) {
            throw new Refusal(
                    UNAVAILABLE,
                    "cannot start the shell that keeps the cards: " + FailureText.of(e) + "; they are kept for process "
                            + process.pid()
                            + " until it ends, but not from other spools: end it, and ask for another one");
        }
    }

    private static Turn await(gpuspool.foreground.Request place, Client client)
            throws IOException, InterruptedException, Refusal {
        long began = System.nanoTime();
        long looked = began;
        Turn turn = place.look();
        while (turn instanceof Turn.Waits) {
            long now = System.nanoTime();
            Thread.sleep(now - began < SECOND ? 10 : now - began < MINUTE ? 50 : 200);
            if (now - looked > SECOND / 2) {
                looked = now;
                checkThere(client);
            }
            turn = place.look();
        }
        return turn;
    }

    private static void checkThere(Client client) throws IOException, Refusal {
        if (!client.isThere()) {
            throw new Refusal(CONFLICT, "the client has closed its connection: its request is withdrawn");
        }
    }

    /** Asked for once more in the last moment: what is taken over stays so until the process ends. */
    private static Taken take(Granted granted, Client client) throws IOException, InterruptedException, Refusal {
        checkThere(client);
        return granted.takeOver(why -> checkThere(client))
                .orElseThrow(() -> new Refusal(CONFLICT, "it was cancelled while it waited"));
    }

    private static Taken none(Turn turn) throws Refusal {
        throw turn instanceof Turn.Refused refused
                ? new Refusal(CONFLICT, "it can never have them: " + String.join("; ", refused.reason()))
                : new Refusal(CONFLICT, "it was cancelled while it waited, or its process has ended");
    }

    private static void write(JsonGenerator out, Taken taken, Grant grant) {
        Map<String, String> told = grant.environment();
        out.writeStartObject();
        out.writeStringProperty("job", taken.dir().id().shortName());
        out.writeStringProperty("id", taken.dir().id().toString());
        Json.strings(out, "gpus", words(told.getOrDefault("GPUSPOOL_GPUS", "")));
        Json.strings(out, "uuids", words(told.getOrDefault("GPUSPOOL_GPU_UUIDS", "")));
        out.writeStringProperty(
                "cuda_visible_devices",
                told.getOrDefault("CUDA_VISIBLE_DEVICES", told.getOrDefault("ROCR_VISIBLE_DEVICES", "")));
        out.writeEndObject();
    }

    private static List<String> words(String list) {
        return list.isEmpty() ? List.of() : List.of(list.split(","));
    }

    /** After its program. */
    private static String name(int pid) {
        try {
            byte[] program = Files.readString(Path.of("/proc/" + pid + "/comm"), StandardCharsets.ISO_8859_1)
                    .strip()
                    .getBytes(StandardCharsets.ISO_8859_1);
            return Stem.of(program);
        } catch (IOException e) {
            // Only a name hangs on it; that the process has ended is noticed by whoever gives the cards.
            return "acquire";
        }
    }

    /** Its command line, for the record. */
    private static List<String> command(int pid) throws IOException {
        List<String> words = new ArrayList<>();
        String line = Files.readString(Path.of("/proc/" + pid + "/cmdline"), StandardCharsets.ISO_8859_1);
        for (String word : line.split("\0")) {
            words.add(new String(word.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
        }
        return line.isEmpty() ? List.of("process", Integer.toString(pid)) : words;
    }
}
