package gpuspool.cli;

import gpuspool.config.SettingKey;
import gpuspool.job.JobFlag;
import gpuspool.job.JobKey;
import gpuspool.job.KeyText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The manual pages, made from the tables and annotations that the program itself obeys. */
final class ManPages {
    private static final String PROGRAM = "gpuspool";

    private final List<VerbModel> verbs;
    private final String version;

    ManPages(List<VerbModel> verbs, String version) {
        this.verbs = verbs;
        this.version = version;
    }

    /** Every page by its file's name: {@code gpuspool-add.1}. */
    Map<String, String> all() {
        Map<String, String> pages = new LinkedHashMap<>();
        pages.put(PROGRAM + ".1", program());
        for (VerbModel verb : verbs) {
            pages.put(PROGRAM + "-" + verb.entry().verb + ".1", of(verb));
        }
        pages.put(PROGRAM + "-job.5", jobFile());
        pages.put(PROGRAM + ".toml.5", settings());
        return pages;
    }

    /** Of the program as a whole. */
    String program() {
        Roff page = new Roff(PROGRAM, 1, version, "a GPU job queue made of a directory");
        page.section("SYNOPSIS").text("gpuspool [VERB] [OPTIONS]");
        page.section("DESCRIPTION")
                .text(
                        "Drop a script into spool/incoming/, and it runs when a GPU is free: a watcher moves it to running/,"
                                + " sets CUDA_VISIBLE_DEVICES, and files it under done/ or failed/ with its output. Without a verb"
                                + " it shows the status.");
        page.section("VERBS");
        for (VerbModel verb : verbs) {
            page.item(String.join(", ", verb.names()), verb.entry().summary);
        }
        page.section("ENVIRONMENT")
                .item("GPUSPOOL_SPOOL", "the spool, where --spool does not name one (default: ./spool)")
                .item("GPUSPOOL_KEY", "a setting: GPUSPOOL_GRACE=2m; see gpuspool.toml(5)")
                .item(
                        "GPUSPOOL_JAVA",
                        "the Java to use: a bin/java or its home directory (default: JAVA_HOME, else PATH)")
                .item("NO_COLOR, CLICOLOR_FORCE", "no colours; colours also where there is no terminal")
                .item("GPUSPOOL_PAGER, PAGER", "what shows what is longer than the screen (default: less -FRX)");
        page.section("SEE ALSO")
                .text("gpuspool-VERB(1) for each verb, gpuspool-job(5), gpuspool.toml(5); gpuspool VERB --help");
        return page.toString();
    }

    /** Of one verb. */
    String of(VerbModel verb) {
        VerbTable entry = verb.entry();
        Roff page = new Roff(PROGRAM + "-" + entry.verb, 1, version, entry.summary);
        page.section("SYNOPSIS").text(verb.synopsis());
        page.section("DESCRIPTION").text(entry.summary);
        if (!verb.operandText().isEmpty()) {
            page.item(verb.operand().label(), verb.operandText());
        }
        page.section("OPTIONS");
        for (VerbModel.Flag flag : verb.options()) {
            page.item(String.join(", ", flag.names()) + value(flag), flag.text());
        }
        page.section("EXIT STATUS");
        entry.statuses.forEach(status -> page.item(status.shown(), status.meaning));
        page.section("EXAMPLE").code(entry.example);
        page.section("SEE ALSO").text("gpuspool(1), gpuspool-job(5), gpuspool.toml(5)");
        return page.toString();
    }

    private static String value(VerbModel.Flag flag) {
        if (flag.value().kind() == VerbModel.Kind.NONE) {
            return "";
        }
        return flag.needsValue()
                ? "=" + flag.value().label()
                : "[=" + flag.value().label() + "]";
    }

    private String jobFile() {
        Roff page = new Roff(PROGRAM + "-job", 5, version, "files that are jobs for gpuspool(1)");
        page.section("DESCRIPTION")
                .text("A file NAME.job in spool/incoming/ is a script; its keys stand in comment lines at the top,"
                        + " #GPUSPOOL key=value. A file NAME.toml has them in TOML, with the command. What any of them asks for in"
                        + " vain is told by gpuspool check FILE.");
        page.section("KEYS");
        for (JobKey key : JobKey.forPeople()) {
            page.item(key.key(), key.doc()).more("Write " + key.allowed() + byDefault(key.byDefault()));
            page.more("TOML: " + KeyText.exampleInToml(key).replace("\n", "; "));
            if (key.inScript()) {
                page.more("Script: " + KeyText.exampleInScript(key));
                page.more("Option: " + String.join(", ", new JobFlag(key).names()));
            }
        }
        page.section("SEE ALSO").text("gpuspool(1), gpuspool-add(1), gpuspool-check(1), gpuspool.toml(5)");
        return page.toString();
    }

    private String settings() {
        Roff page = new Roff(PROGRAM + ".toml", 5, version, "settings of a spool of gpuspool(1)");
        page.section("DESCRIPTION")
                .text(
                        "spool/spool.toml holds settings as TOML, for all hosts at its top and for one below [hosts.NAME]. A key is"
                                + " set by, in this order: gpuspool watch --set KEY=VALUE, the environment, [hosts.NAME], the top of the"
                                + " file. gpuspool check --settings shows what holds.");
        page.section("KEYS");
        for (SettingKey key : SettingKey.values()) {
            page.item(key.key(), key.doc())
                    .more("Write " + key.allowed() + byDefault(key.byDefault()))
                    .more("Takes effect " + key.scope().word() + ". Variable: " + key.variable());
        }
        page.section("SEE ALSO").text("gpuspool(1), gpuspool-watch(1), gpuspool-check(1), gpuspool-job(5)");
        return page.toString();
    }

    private static String byDefault(String text) {
        return text.isEmpty() ? "." : ". Default: " + text + ".";
    }
}
