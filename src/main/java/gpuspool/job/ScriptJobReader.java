package gpuspool.job;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a job file that is a script: its bytes run unchanged, its {@code #GPUSPOOL} lines, and {@code #SBATCH}
 * lines where those are silent, say what it needs. */
final class ScriptJobReader {

    private static final String ENV_PREFIX = "env.";

    private final String fileName;
    private final Problems problems = new Problems();
    private final JobFields fields;
    private final SbatchJob sbatch;
    private final Map<String, Place> seen = new HashMap<>();

    ScriptJobReader(String fileName, JobDefaults defaults) {
        this.fileName = fileName;
        fields = new JobFields(problems, defaults);
        sbatch = new SbatchJob(fields, problems);
    }

    JobFile read(byte[] bytes) {
        ScriptText text = new ScriptText(bytes);
        text.problems(fileName).forEach(problems::add);
        readOptions(text);
        Optional<Slurm> slurm = sbatch.finish();
        if (text.hasShebang()) {
            fields.refuseShell("the #! line names the interpreter");
        }
        fields.compare(slurm.isEmpty());
        if (!problems.isEmpty()) {
            return new JobFile.Invalid(problems.inFileOrder());
        }
        List<String> interpreter = fields.interpreterOf(text);
        return new JobFile.Valid(fields.with(new Program(interpreter, Script.of(bytes), text.commandLine()), slurm));
    }

    private void readOptions(ScriptText text) {
        for (int i = 0; i < text.lines().size(); i++) {
            String line = text.lines().get(i);
            Place start = new Place(i + 1, 1);
            if (i < text.headLength() && SbatchLine.isSbatchLine(line)) {
                sbatch.read(i + 1, line);
            } else if (!OptionLine.isOptionLine(line)) {
                if (i < text.headLength() && OptionLine.isNearMiss(line)) {
                    problems.add(start, Printable.quote(line.strip()) + " is not read", "did you mean #GPUSPOOL?");
                }
            } else if (i >= text.headLength()) {
                problems.add(start, "#GPUSPOOL comes after the first command", "move it up");
            } else {
                OptionLine.parse(i + 1, line, problems).forEach(this::take);
            }
        }
    }

    private void take(OptionLine.Option option) {
        Place earlier = seen.putIfAbsent(option.name(), option.at());
        if (earlier != null) {
            problems.add(option.at(), option.name() + " is given twice", "remove it here or in line " + earlier.line());
        } else if (option.name().startsWith(ENV_PREFIX)) {
            String variable = option.name().substring(ENV_PREFIX.length());
            Value.Entry entry = new Value.Entry(variable, option.at(), option.value());
            fields.set(JobKey.ENV, option.at(), new Value.Table(List.of(entry), option.at()));
        } else {
            takeKey(option);
        }
    }

    private void takeKey(OptionLine.Option option) {
        try {
            JobKey key = JobKey.named(option.name());
            if (!key.inScript()) {
                throw new BadValueException(key.key() + " cannot be set here", "remove it: the script is the command");
            }
            if (key.type() == JobKey.Type.TABLE) {
                throw new BadValueException(key.key() + " needs a name", "write env.NAME=value");
            }
            fields.set(key, option.at(), typed(key, option.value()));
        } catch (BadValueException bad) {
            problems.add(option.at(), bad);
        }
    }

    /** All is text in an option line; where a number is wanted and stands there, it is one. */
    static Value typed(JobKey key, Value.Text value) {
        boolean isNumber = key.type() == JobKey.Type.INTEGER && value.text().matches("-?\\d{1,100}");
        return isNumber ? new Value.Whole(new BigInteger(value.text()), value.at()) : value;
    }
}
