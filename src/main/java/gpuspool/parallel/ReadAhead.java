package gpuspool.parallel;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads commands on a thread of its own, so that a writer who takes his time holds up nothing, and so far ahead that the whole is known
 * where it is not too long.
 */
final class ReadAhead {
    private static final int MOST = 50_000;
    private static final long MOST_CHARS = 8 << 20;

    private final Deque<Task> read = new ArrayDeque<>();
    private final Runnable news;
    private long chars;
    private long count;
    private boolean ended;
    private Optional<IOException> trouble = Optional.empty();

    /** @param news called when something was read, or the end was */
    ReadAhead(Runnable news) {
        this.news = news;
    }

    void start(Tasks tasks) {
        Thread reader = new Thread(() -> readAll(tasks), "reader");
        reader.setDaemon(true);
        reader.start();
    }

    private void readAll(Tasks tasks) {
        Optional<IOException> why = Optional.of(new IOException("their reader has ended unexpectedly"));
        try {
            for (Optional<Task> task = tasks.next(); task.isPresent(); task = tasks.next()) {
                put(task.get());
                news.run();
            }
            why = Optional.empty();
        } catch (IOException e) {
            why = Optional.of(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            // Whatever it died of, such as a line too long for memory: more would be waited for in vain.
            end(why);
            news.run();
        }
    }

    private synchronized void put(Task task) throws InterruptedException {
        while (read.size() >= MOST || chars >= MOST_CHARS) {
            wait();
        }
        read.add(task);
        chars += task.command().length();
        count++;
    }

    private synchronized void end(Optional<IOException> why) {
        ended = true;
        trouble = why;
    }

    synchronized Optional<Task> poll() {
        Optional<Task> task = Optional.ofNullable(read.poll());
        task.ifPresent(taken -> chars -= taken.command().length());
        notifyAll();
        return task;
    }

    synchronized boolean isOver() {
        return ended && read.isEmpty();
    }

    /** How many commands there are in all, once the end was read. */
    synchronized OptionalLong total() {
        return ended ? OptionalLong.of(count) : OptionalLong.empty();
    }

    /** Why the input could not be read to its end. */
    synchronized Optional<IOException> trouble() {
        return trouble;
    }
}
