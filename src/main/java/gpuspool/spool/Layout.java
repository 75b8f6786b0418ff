package gpuspool.spool;

import java.nio.file.Path;
import java.util.List;

/** The places of a spool; {@code spool-layout.md}, section 1. */
public record Layout(Path root) {
    public Path format() {
        return root.resolve("format");
    }

    public Path incoming() {
        return root.resolve("incoming");
    }

    public Path held() {
        return root.resolve("held");
    }

    public Path running() {
        return root.resolve("running");
    }

    public Path done() {
        return root.resolve("done");
    }

    public Path failed() {
        return root.resolve("failed");
    }

    public Path control() {
        return root.resolve("control");
    }

    public Path hosts() {
        return root.resolve("hosts");
    }

    public Path host(String name) {
        return hosts().resolve(name);
    }

    public Path tmp() {
        return root.resolve("tmp");
    }

    public Path settings() {
        return root.resolve("spool.toml");
    }

    /** What a spool may lack without ceasing to be one: a watcher makes it again. */
    public List<Path> mendable() {
        return List.of(held(), done(), failed(), control(), hosts(), tmp());
    }

    /** While it lies there, nothing is claimed and nothing is started. */
    public Path pause() {
        return control().resolve("pause");
    }

    /** The same, and each watcher leaves once no job of its host runs. */
    public Path drain() {
        return control().resolve("drain");
    }

    /** While it lies there, watchers have let go of the GPU driver. */
    public Path letGo() {
        return control().resolve("let-go");
    }
}
