package gpuspool.chaos;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * A long shell script of what people do to a spool by hand, in random order, and what it will have dropped and asked
 * for. It runs in the spool. On standard output it tells what took place: {@code dropped TOKEN}, {@code copied TOKEN},
 * and {@code removed 'PLACE/NAME'} in the words of {@code rm -v}.
 */
final class ControlScript {
    /** Few, so that all meet all; some share a stem with another one. */
    static final String[] NAMES = {"a.job", "a.toml", "b.job", "c.job", "v1.2.job", "sp ace.job", "sp_ace.job", "-d.job"
    };

    private static final String[] WAYS = {"drop", "drop", "drop", "drop", "drop", "write", "write", "park"};

    /** A job that a script drops, if the name is free. */
    record Drop(String name, String text, int code) {}

    private static final String PRELUDE = """
            export LC_ALL=C
            drop() {
              printf %s "$3" >"incoming/.$1.$me"
              mv -n "incoming/.$1.$me" "incoming/$1"
              if [ -e "incoming/.$1.$me" ]; then rm -f "incoming/.$1.$me"; else echo "dropped $2"; fi
            }
            park() {
              printf %s "$3" >"held/.$1.$me"
              mv -n "held/.$1.$me" "held/$1"
              if [ -e "held/.$1.$me" ]; then rm -f "held/.$1.$me"; else echo "dropped $2"; fi
            }
            write() {
              set -C
              if printf %s "$3" >"incoming/$1"; then echo "dropped $2"; fi
              set +C
            }
            again() {
              from=
              for dir in "$1/$2".*; do if [ -f "$dir/$3" ]; then from=$dir/$3; fi; done
              [ -n "$from" ] || return 0
              if out=$(cp -nv "$from" incoming/); then
                case $out in *' -> '*) ;; *) return 0 ;; esac
                while read -r line; do case $line in t=*) echo "copied ${line#t=}" ;; esac; done <"$from"
              fi
            }
            cancel() {
              (for dir in "running/$1".*; do cd "$dir" && touch cancel; exit; done)
            }
            """;

    private final Random random;
    private final String me;
    private final String ledger;
    private final StringBuilder text = new StringBuilder();
    private final Map<String, Drop> drops = new LinkedHashMap<>();
    private final Set<String> refused = new LinkedHashSet<>();
    private final Set<String> ignored = new LinkedHashSet<>();
    /** What is to be taken back, by the number of the command before which that is due. */
    private final TreeMap<Integer, String> due = new TreeMap<>();

    /**
     * @param me a word that tells this script from the others of the same spool
     * @param canary a file that requests may lead to, and that nobody may write to
     */
    ControlScript(Random random, String me, Ledger ledger, String canary, int commands) {
        this.random = random;
        this.me = me;
        this.ledger = ledger.file().toString();
        text.append("me=").append(me).append('\n').append(PRELUDE);
        for (int n = 0; n < commands; n++) {
            while (!due.isEmpty() && due.firstKey() <= n) {
                line(due.pollFirstEntry().getValue());
            }
            command(n, canary);
            if (random.nextInt(5) == 0) {
                line(String.format("sleep 0.%03d", 1 + random.nextInt(60)));
            }
        }
        due.values().forEach(this::line);
    }

    /** One more of each name into held/. Together with nobody else: then all of them are held. */
    ControlScript parkAll() {
        for (int n = 0; n < NAMES.length; n++) {
            drop("park", n, NAMES[n]);
        }
        return this;
    }

    String text() {
        // What the last command found is no failure of the script.
        return text + "exit 0\n";
    }

    /** By their tokens. */
    Map<String, Drop> drops() {
        return drops;
    }

    /** Requests that nobody knows, each made once: each must be refused. */
    Set<String> refused() {
        return refused;
    }

    /** Files in control/ that are nobody's requests and must stay. */
    Set<String> ignored() {
        return ignored;
    }

    private void line(String command) {
        text.append(command).append('\n');
    }

    private void command(int n, String canary) {
        String name = NAMES[random.nextInt(NAMES.length)];
        String stem = SpoolChecker.stem(name);
        int draw = random.nextInt(100);
        if (draw < 36) {
            drop(WAYS[random.nextInt(WAYS.length)], n, name);
        } else if (draw < 43) {
            line("mv -n 'incoming/" + name + "' held/");
        } else if (draw < 52) {
            line("mv -n 'held/" + name + "' incoming/");
        } else if (draw < 56) {
            line("touch -c 'incoming/" + name + "'");
        } else if (draw < 63) {
            line("touch 'control/" + name + ".first'");
        } else if (draw < 66) {
            line("rm -f 'control/" + name + ".first'");
        } else if (draw < 69) {
            line("rm -f 'control/" + name + ".first.refused' 'control/" + name + ".first.'?.refused");
        } else if (draw < 72) {
            line("rm -fv 'incoming/" + name + "'");
        } else if (draw < 73) {
            line("rm -fv 'held/" + name + "'");
        } else if (draw < 75) {
            line("touch control/pause");
            due.put(n + 1 + random.nextInt(6), "rm -f control/pause");
        } else if (draw < 76) {
            line("touch control/drain");
            due.put(n + 1 + random.nextInt(12), "rm -f control/pause control/drain");
        } else if (draw < 86) {
            line("cancel '" + stem + "'");
        } else if (draw < 96) {
            line("again " + (random.nextBoolean() ? "failed" : "done") + " '" + stem + "' '" + name + "'");
        } else {
            junk(n, canary);
        }
    }

    private void drop(String how, int n, String name) {
        String token = "c-" + me + "-" + n;
        int code = random.nextInt(2) * (1 + random.nextInt(200));
        int millis = random.nextInt(4) == 0 ? random.nextInt(250) : random.nextInt(30);
        int gpus = random.nextInt(4) == 0 ? random.nextInt(5) : 1;
        String body = "t=" + token + "\n"
                + "say() { echo \"$1 $GPUSPOOL_ID ${GPUSPOOL_GPUS:--} $(date +%s%N) $t\" >>" + ledger + "; }\n"
                + "say " + Ledger.START + "\n" + String.format("sleep 0.%03d%n", millis) + "say " + Ledger.END + "\n"
                + "exit " + code + "\n";
        String job = name.endsWith(".toml")
                ? "gpus = " + gpus + "\ncommand = \"\"\"\n" + body.replace("\"", "\\\"") + "\"\"\"\n"
                : "#!/bin/sh\n#GPUSPOOL gpus=" + gpus + "\n" + body;
        drops.put(token, new Drop(name, job, code));
        line(how + " '" + name + "' " + token + " '" + job + "'");
    }

    private void junk(int n, String canary) {
        String name = "junk-" + me + "-" + n;
        switch (random.nextInt(6)) {
            case 0 -> line("mkdir control/" + name);
            case 1 -> line("ln -s '" + canary + "' control/" + name);
            case 2 -> line("ln '" + canary + "' control/" + name);
            case 3 -> {
                name += ".job.first";
                line("touch control/" + name);
            }
            case 4 -> {
                ignored.add(name + ".swp");
                line("touch control/" + name + ".swp");
                return;
            }
            default -> line("touch control/" + name);
        }
        refused.add(name);
    }
}
