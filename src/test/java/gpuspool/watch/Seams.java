package gpuspool.watch;

import gpuspool.posix.FileFacts;
import gpuspool.posix.Lock;
import gpuspool.posix.Locks;
import gpuspool.posix.SharedAppend;
import gpuspool.spool.Fs;
import gpuspool.supervise.Launcher;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** An engine's ways into the world, each call of which goes through a {@link Meddler}. */
final class Seams {
    private Seams() {}

    private interface Ask<T> {
        T answer() throws IOException;
    }

    @SuppressWarnings("unchecked")
    private static <T> T via(Meddler meddler, Step step, Ask<T> ask) throws IOException {
        return (T) meddler.around(step, ask::answer);
    }

    static Fs fs(Fs real, Meddler meddler) {
        return new MeddledFs(real, meddler);
    }

    private record MeddledFs(Fs real, Meddler meddler) implements Fs {
        private interface Action {
            void run() throws IOException;
        }

        private void via(Step step, Action action) throws IOException {
            Object unused = meddler.around(step, () -> {
                action.run();
                return null;
            });
        }

        @Override
        public void mkdir(Path directory) throws IOException {
            via(new Step(Step.Kind.MKDIR, directory), () -> real.mkdir(directory));
        }

        @Override
        public void create(Path file, byte[] content) throws IOException {
            via(new Step(Step.Kind.CREATE, file, file, content), () -> real.create(file, content));
        }

        @Override
        public void append(Path file, byte[] content) throws IOException {
            via(new Step(Step.Kind.APPEND, file, file, content), () -> real.append(file, content));
        }

        @Override
        public void appendIfRegular(Path path, byte[] content) throws IOException {
            via(new Step(Step.Kind.APPEND, path, path, content), () -> real.appendIfRegular(path, content));
        }

        @Override
        public boolean touch(Path path) throws IOException {
            return Seams.via(meddler, new Step(Step.Kind.TOUCH, path), () -> real.touch(path));
        }

        @Override
        public SharedAppend.Added addLines(Path file, byte[] lines) throws IOException {
            return Seams.via(
                    meddler, new Step(Step.Kind.ADD_LINES, file, file, lines), () -> real.addLines(file, lines));
        }

        @Override
        public void overwrite(Path file, byte[] content) throws IOException {
            via(new Step(Step.Kind.OVERWRITE, file, file, content), () -> real.overwrite(file, content));
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
            via(new Step(Step.Kind.RENAME, from, to, new byte[0]), () -> real.rename(from, to));
        }

        @Override
        public void renameToFree(Path from, Path to) throws IOException {
            via(new Step(Step.Kind.RENAME_TO_FREE, from, to, new byte[0]), () -> real.renameToFree(from, to));
        }

        @Override
        public void link(Path from, Path to) throws IOException {
            via(new Step(Step.Kind.LINK, from, to, new byte[0]), () -> real.link(from, to));
        }

        @Override
        public void copy(Path from, Path to) throws IOException {
            create(to, real.read(from, Integer.MAX_VALUE));
        }

        @Override
        public void dress(Path file, int mode, FileTime modified) throws IOException {
            via(new Step(Step.Kind.TOUCH, file), () -> real.dress(file, mode, modified));
        }

        @Override
        public void delete(Path path) throws IOException {
            via(new Step(Step.Kind.DELETE, path), () -> real.delete(path));
        }

        @Override
        public void sync(Path path) throws IOException {
            via(new Step(Step.Kind.SYNC, path), () -> real.sync(path));
        }

        @Override
        public List<String> list(Path directory) throws IOException {
            return Seams.via(meddler, new Step(Step.Kind.LIST, directory), () -> real.list(directory));
        }

        @Override
        public byte[] read(Path file, int limit) throws IOException {
            return Seams.via(meddler, new Step(Step.Kind.READ, file), () -> real.read(file, limit));
        }

        @Override
        public long usableBytes(Path path) throws IOException {
            return Seams.via(meddler, new Step(Step.Kind.SPACE, path), () -> real.usableBytes(path));
        }

        @Override
        public Optional<FileFacts> look(Path path) throws IOException {
            return Seams.via(meddler, new Step(Step.Kind.LOOK, path), () -> real.look(path));
        }
    }

    /** @param open holds the true lock of every one the engine has not closed yet: what the kernel closes after a kill */
    static Locks locks(Locks real, Meddler meddler, Set<Lock> open) {
        return new Locks() {
            @Override
            public Path path() {
                return real.path();
            }

            @Override
            public String id() {
                return real.id();
            }

            @Override
            public Optional<Lock> tryLock(String name) throws IOException {
                return via(meddler, new Step(Step.Kind.LOCK, Path.of(name)), () -> {
                    Optional<Lock> lock = real.tryLock(name);
                    lock.ifPresent(open::add);
                    return lock.map(held -> new MeddledLock(held, name, meddler, open));
                });
            }

            @Override
            public Optional<Lock> tryShare(String name) throws IOException {
                return via(meddler, new Step(Step.Kind.LOCK, Path.of(name)), () -> {
                    Optional<Lock> lock = real.tryShare(name);
                    lock.ifPresent(open::add);
                    return lock.map(held -> new MeddledLock(held, name, meddler, open));
                });
            }
        };
    }

    /** What a launcher is given; {@code own} is the world's own lock. */
    record MeddledLock(Lock own, String name, Meddler meddler, Set<Lock> open) implements Lock {
        private void via(Step.Kind kind, Runnable action) {
            try {
                Object unused = meddler.around(new Step(kind, Path.of(name)), () -> {
                    action.run();
                    open.remove(own);
                    return null;
                });
            } catch (IOException e) {
                throw new AssertionError("closing a lock never fails", e);
            }
        }

        @Override
        public int fd() {
            return own.fd();
        }

        @Override
        public boolean share() throws IOException {
            return Seams.via(meddler, new Step(Step.Kind.SHARE, Path.of(name)), own::share);
        }

        @Override
        public void close() {
            via(Step.Kind.CLOSE, own::close);
        }

        @Override
        public void retire() {
            via(Step.Kind.RETIRE, own::retire);
        }
    }

    static Launcher launcher(Launcher real, Meddler meddler) {
        return launch -> via(meddler, new Step(Step.Kind.LAUNCH, launch.dir().path()), () -> real.launch(launch));
    }
}
