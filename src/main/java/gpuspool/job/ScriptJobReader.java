package gpuspool.job;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a job file that is a script: its bytes run unchanged, its {@code #GPUSPOOL} lines, and {@code #SBATCH}
 * lines where those are silent, say what it needs. */
final class ScriptJobReader {

    private static final String ENV_PREFIX = "env.";
    private static final String SWEEP_PREFIX = "sweep.";

    private final String fileName;
    private final Problems problems = new Problems();
    private final JobFields fields;
    private final SbatchJob sbatch;
    private final Map<String, Place> seen = new HashMap<>();
    private final List<Value.Entry> sweep = new ArrayList<>();
    private Value command = new Value.Text("", Place.START);

    ScriptJobReader(String fileName, JobDefaults defaults) {
        this.fileName = fileName;
        fields = new JobFields(problems, defaults);
        sbatch = new SbatchJob(fields, problems);
    }

    JobFile read(byte[] bytes) {
        ScriptText text = new ScriptText(bytes);
        text.problems(fileName).forEach(problems::add);
        readOptions(text);
        if (!sweep.isEmpty()) {
            Place first = sweep.get(0).at();
            fields.set(JobKey.SWEEP, first, new Value.Table(sweep, first));
        }
        Optional<Slurm> slurm = sbatch.finish();
        fields.sweepAt().ifPresent(at -> refuseUnreadable(bytes, at));
        if (text.hasShebang()) {
            fields.refuseShell("the #! line names the interpreter");
        }
        fields.compare(slurm.isEmpty());
        if (!problems.isEmpty()) {
            return new JobFile.Invalid(problems.inFileOrder());
        }
        List<String> interpreter = fields.interpreterOf(text);
        command = new Value.Text(new String(bytes, StandardCharsets.UTF_8), Place.START);
        return new JobFile.Valid(fields.with(new Program(interpreter, Script.of(bytes), text.commandLine()), slurm));
    }

    /** After a file was read that is in order: what is needed to write its members, where it is a sweep. */
    Optional<SweepFile> sweepFile(JobSpec spec) {
        return fields.sweepFile(command, spec);
    }

    /** The values are put into its text, so its text must be known. */
    private void refuseUnreadable(byte[] bytes, Place at) {
        try {
            CharBuffer unused = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
        } catch (CharacterCodingException e) {
            problems.add(at, "a script with a sweep must be UTF-8, and this one is not", "save it as UTF-8");
        }
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
        } else if (option.name().startsWith(SWEEP_PREFIX)) {
            String parameter = option.name().substring(SWEEP_PREFIX.length());
            sweep.add(new Value.Entry(parameter, option.at(), ofSweep(parameter, option.value())));
        } else {
            takeKey(option);
        }
    }

    /** A list by commas, or a range, or one of the numbers that are no parameters. */
    private static Value ofSweep(String parameter, Value.Text value) {
        if (SweepWords.RESERVED.contains(parameter)) {
            return wholeIfSo(value);
        }
        if (NumberRange.isMeant(value.text())) {
            return value;
        }
        List<Value> elements = new ArrayList<>();
        for (String element : value.text().split(",", -1)) {
            elements.add(new Value.Text(element, value.at()));
        }
        return new Value.Array(value.text().isEmpty() ? List.of() : elements, value.at());
    }

    private void takeKey(OptionLine.Option option) {
        try {
            JobKey key = JobKey.named(option.name());
            if (!key.isForPeople()) {
                throw new BadValueException(key.key() + " is written by gpuspool itself", "remove it");
            }
            if (!key.inScript()) {
                throw new BadValueException(key.key() + " cannot be set here", "remove it: the script is the command");
            }
            if (key == JobKey.SWEEP) {
                throw new BadValueException("sweep needs a name", "write sweep.lr=0.1,0.01 or sweep.seed=1..5");
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
        return key.type() == JobKey.Type.INTEGER ? wholeIfSo(value) : value;
    }

    private static Value wholeIfSo(Value.Text value) {
        boolean isNumber = value.text().matches("-?\\d{1,100}");
        return isNumber ? new Value.Whole(new BigInteger(value.text()), value.at()) : value;
    }
}
