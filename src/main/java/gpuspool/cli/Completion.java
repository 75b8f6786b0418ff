package gpuspool.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Completion for a shell: a text of the shell's own, with what the verbs take put in. */
final class Completion {
    private static final String INDENT = "    ";

    private final List<VerbModel> verbs;

    Completion(List<VerbModel> verbs) {
        this.verbs = verbs;
    }

    /** The shells there are completions for. */
    enum Shell {
        BASH,
        ZSH,
        FISH;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    String text(Shell shell) throws IOException {
        String frame = Packed.text("/gpuspool/completion." + shell);
        if (shell == Shell.FISH) {
            return frame.replace("@VERBS@\n", fish());
        }
        List<String> takes = new ArrayList<>();
        List<String> wants = new ArrayList<>();
        List<String> may = new ArrayList<>();
        List<String> turns = new ArrayList<>();
        List<String> summaries = new ArrayList<>();
        String open = shell == Shell.ZSH ? "(" : "";
        for (VerbModel verb : verbs) {
            String names = String.join("|", verb.names());
            List<String> options = new ArrayList<>();
            for (VerbModel.Flag flag : verb.options()) {
                flag.names()
                        .forEach(name -> options.add(shell == Shell.ZSH ? quoted(described(name, flag.text())) : name));
                String kind = kind(flag.value());
                String line = INDENT + open + pattern(verb, flag) + ") kind=" + quoted(kind) + " ;;";
                if (flag.value().kind() != VerbModel.Kind.NONE) {
                    (flag.needsValue() ? wants : may).add(line);
                }
                if (!flag.turns().isEmpty()) {
                    turns.add(INDENT + open + pattern(verb, flag) + ") kind="
                            + quoted("words " + String.join(" ", flag.turns())) + " ;;");
                }
            }
            String listed = shell == Shell.ZSH
                    ? "options=(" + String.join(" ", options) + ")"
                    : "options=" + quoted(String.join(" ", options));
            takes.add(INDENT + open + names + ")\n      " + listed + "\n      operand=" + quoted(kind(verb.operand()))
                    + " ;;");
            verb.names().forEach(name -> summaries.add(INDENT + quoted(described(name, verb.entry().summary))));
        }
        String names = String.join(
                " ", verbs.stream().flatMap(verb -> verb.names().stream()).toList());
        return frame.replace("@VERBS@", String.join("\n", takes))
                .replace("@VALUES@", String.join("\n", wants))
                .replace("@MAYBE@", String.join("\n", may))
                .replace("@TURNS@", String.join("\n", turns))
                .replace("@SUMMARIES@", String.join("\n", summaries))
                .replace("@NAMES@", names);
    }

    private static String pattern(VerbModel verb, VerbModel.Flag flag) {
        List<String> pairs = new ArrayList<>();
        for (String name : verb.names()) {
            flag.names().forEach(option -> pairs.add(name + "/" + option));
        }
        return String.join("|", pairs);
    }

    private static String kind(VerbModel.Value value) {
        return switch (value.kind()) {
            case NONE, ANY -> "";
            case FILE -> "file";
            case DIRECTORY -> "dir";
            case WORDS -> "words " + String.join(" ", value.words());
            case JOBS -> "jobs " + String.join(" ", value.places());
        };
    }

    /** A word and what it is for, as zsh has them in one. */
    private static String described(String name, String text) {
        return name.replace(":", "\\:") + ":" + text;
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    private String fish() {
        StringBuilder lines = new StringBuilder();
        for (VerbModel verb : verbs) {
            for (String name : verb.names()) {
                lines.append("complete -c gpuspool -n __gpuspool_begins -a ")
                        .append(name)
                        .append(" -d ")
                        .append(fishQuoted(verb.entry().summary))
                        .append('\n');
            }
        }
        for (VerbModel verb : verbs) {
            String when = "__gpuspool_verb " + String.join(" ", verb.names());
            List<String> turning = new ArrayList<>();
            for (VerbModel.Flag flag : verb.options()) {
                StringBuilder names = new StringBuilder();
                flag.names()
                        .forEach(name -> names.append(name.startsWith("--") ? " -l " : " -s ")
                                .append(name.replaceFirst("^--?", "")));
                lines.append("complete -c gpuspool -n ")
                        .append(fishQuoted(when))
                        .append(names)
                        // Where it may be left out, the next word is none.
                        .append(flag.needsValue() ? " -r" : "")
                        .append(flag.needsValue() ? fishValue(flag.value()) : "")
                        .append(" -d ")
                        .append(fishQuoted(flag.text()))
                        .append('\n');
                if (!flag.turns().isEmpty()) {
                    turning.addAll(flag.names());
                    lines.append("complete -c gpuspool -n ")
                            .append(fishQuoted(when + "; and __gpuspool_has " + String.join(" ", flag.names())))
                            .append(" -a ")
                            .append(fishQuoted(String.join(" ", flag.turns())))
                            .append('\n');
                }
            }
            if (!kind(verb.operand()).isEmpty()) {
                String unless = turning.isEmpty() ? "" : "; and not __gpuspool_has " + String.join(" ", turning);
                lines.append("complete -c gpuspool -n ")
                        .append(fishQuoted(when + unless))
                        .append(fishValue(verb.operand()))
                        .append('\n');
            }
        }
        return lines.toString();
    }

    private static String fishValue(VerbModel.Value value) {
        return switch (value.kind()) {
            case NONE -> "";
            case ANY -> " -f";
            case FILE -> " -F";
            case DIRECTORY -> " -f -a '(__fish_complete_directories)'";
            case WORDS -> " -f -a " + fishQuoted(String.join(" ", value.words()));
            case JOBS -> " -f -a '(__gpuspool_jobs " + String.join(" ", value.places()) + ")'";
        };
    }

    private static String fishQuoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
