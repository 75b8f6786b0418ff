package gpuspool.cli;

import gpuspool.posix.Shown;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gpuspool man}: the manual pages, shown or written. */
final class ManVerb extends Verb {
    @Parameters(
            paramLabel = "VERB",
            arity = "0..1",
            completionCandidates = Candidates.Verbs.class,
            description = "the page of a verb (default: of the whole program)")
    private String verb;

    @Option(
            names = "--all",
            paramLabel = "DIR",
            description = "instead, write all pages into DIR/man1 and DIR/man5, such as ~/.local/share/man")
    private Path all;

    @Mixin
    private PagerOption pager;

    ManVerb(Invocation call) {
        super(call);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (all != null) {
            if (verb != null) {
                throw usage("--all writes the pages of all verbs; leave out " + verb);
            }
            return write(call.directory().resolve(all));
        }
        Optional<VerbTable> entry = verb == null ? Optional.empty() : VerbTable.named(verb);
        if (verb != null && entry.isEmpty()) {
            throw usage("unknown verb " + verb + "; " + CommandLines.meant(verb));
        }
        ManPages pages = new ManPages(VerbModel.all(call), Main.version());
        String page = entry.isPresent() ? pages.of(VerbModel.of(entry.get(), call)) : pages.program();
        if (Screen.size(call).isPresent() && shown(page)) {
            return ExitStatus.OK.code;
        }
        String help = entry.isPresent() ? CommandLines.help(entry.get(), call) : CommandLines.overview();
        pager.show(call, out -> out.print(help));
        return ExitStatus.OK.code;
    }

    private boolean shown(String page) throws InterruptedException {
        String own = call.environment().getOrDefault("GPUSPOOL_PAGER", "");
        Map<String, String> more =
                pager.isOff() ? Map.of("MANPAGER", "cat") : own.isEmpty() ? Map.of() : Map.of("MANPAGER", own);
        try {
            return Shown.through(List.of("man", "-l", "-"), more, page.getBytes(StandardCharsets.UTF_8)) == 0;
        } catch (IOException e) {
            // Where there is no man(1), help tells the same.
            return false;
        }
    }

    private int write(Path directory) throws IOException {
        Map<String, String> pages = new ManPages(VerbModel.all(call), Main.version()).all();
        for (Map.Entry<String, String> page : pages.entrySet()) {
            String name = page.getKey();
            Path section = directory.resolve("man" + name.charAt(name.length() - 1));
            makeDirectory(section);
            // Whoever reads it meanwhile has the old one or the new one.
            Path draft = section.resolve("." + name + ".new");
            if (fs.look(draft).isPresent()) {
                fs.delete(draft);
            }
            fs.create(draft, page.getValue().getBytes(StandardCharsets.UTF_8));
            fs.rename(draft, section.resolve(name));
        }
        out(pages.size() + " pages are in " + directory + "; to read one: man -M " + directory + " gpuspool");
        return ExitStatus.OK.code;
    }

    private void makeDirectory(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            if (directory.getParent() != null) {
                makeDirectory(directory.getParent());
            }
            fs.mkdir(directory);
        }
    }
}
