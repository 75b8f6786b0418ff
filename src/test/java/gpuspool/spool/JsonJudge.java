package gpuspool.spool;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Another program's opinion of lines of JSON. */
public final class JsonJudge {
    private static final String PROGRAM = """
            import json, sys
            for line in open(sys.argv[1], "rb"):
                fields = json.loads(line.decode("utf-8"))
                assert line.endswith(b"\\n") and isinstance(fields, dict)
                print("\\t".join(json.dumps(fields.get(key), ensure_ascii=True) for key in sys.argv[2:]))
            """;

    private JsonJudge() {}

    /** For each line the values of these keys, as ASCII JSON, by tabs; fails where a line is not one JSON object. */
    public static List<String> values(Path file, String... keys) throws IOException, InterruptedException {
        Path out = Files.createTempFile("judged", "");
        List<String> command = new java.util.ArrayList<>(List.of("python3", "-c", PROGRAM, file.toString()));
        command.addAll(List.of(keys));
        Process judge = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        int status = judge.waitFor();
        String said = Files.readString(out, StandardCharsets.UTF_8);
        Files.delete(out);
        assertEquals(0, status, said);
        return said.lines().toList();
    }
}
