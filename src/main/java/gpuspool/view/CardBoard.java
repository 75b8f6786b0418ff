package gpuspool.view;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * All cards at one look: what {@code gpuspool gpus} shows.
 *
 * @param millis when, since 1970
 * @param spool empty where there is none
 * @param letGo whether watchers are asked to let go of the driver
 * @param hosts this one first
 */
public record CardBoard(long millis, Optional<Path> spool, boolean letGo, List<CardHost> hosts) {}
