package gpuspool.spool;

import gpuspool.posix.FileFacts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which cards one host has, by their words, as its watcher last wrote it.
 *
 * @param cards those in {@code hosts/<host>/gpus}; none where that is not known
 * @param quarantined those in {@code hosts/<host>/quarantine}
 */
public record HostCards(String host, List<String> cards, List<String> quarantined) {
    private static final int LARGEST = 1 << 20;

    /** Those of all hosts that ever had a watcher here. */
    public static List<HostCards> readAll(Layout places, Fs fs) throws IOException {
        List<HostCards> all = new ArrayList<>();
        for (String name : fs.list(places.hosts())) {
            Path directory = places.host(name);
            if (fs.look(directory).filter(FileFacts::isDirectory).isPresent()) {
                List<String> quarantined = QuarantineFile.read(QuarantineFile.in(directory), fs).stream()
                        .map(QuarantineFile.Row::card)
                        .toList();
                all.add(new HostCards(name, words(HostFiles.cardsFile(directory), fs), quarantined));
            }
        }
        return all;
    }

    private static List<String> words(Path file, Fs fs) throws IOException {
        Optional<FileFacts> facts = fs.look(file).filter(FileFacts::isRegular);
        if (facts.isEmpty()) {
            return List.of();
        }
        List<String> words = new ArrayList<>();
        for (String line : new String(fs.read(file, LARGEST), StandardCharsets.UTF_8).split("\n", -1)) {
            int tab = line.indexOf('\t');
            if (tab > 0 && !line.startsWith(HostFiles.Card.NOBODY_KNOWS + "\t")) {
                words.add(new String(Escapes.unescape(line.substring(0, tab)), StandardCharsets.UTF_8));
            }
        }
        return words;
    }
}
