package gpuspool.spool;

import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * One job in an overview. All texts are escaped.
 *
 * @param job how people call it: {@code exp1.2}; a queued one by its stem
 * @param owner the numeric user id of the dropped file's owner, where known
 * @param gpus how many GPUs it has or wants, where known
 * @param millis how long it has run, ran, or has waited
 * @param devices its cards, in the words of {@code status}
 * @param indices their numbers in the same order, {@code -} where one has none; empty where they are not written down
 * @param reason why it waits, or what is wrong with it; empty for nothing
 * @param command one line; a queued job's file name, for its file is not read
 */
public record JobRow(
        String job,
        String id,
        String state,
        OptionalInt owner,
        OptionalInt gpus,
        OptionalLong millis,
        List<String> devices,
        List<String> indices,
        String reason,
        String command) {}
