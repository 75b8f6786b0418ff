package gpuspool.cli;

import gpuspool.spool.Layout;
import gpuspool.spool.Spool;
import gpuspool.spool.SpoolMaker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** {@code gpuspool init}: makes a spool of an absent or empty directory. */
final class InitVerb extends Verb {
    InitVerb(Invocation call) {
        super(call);
    }

    @Override
    public Integer call() throws IOException {
        Path place = place();
        boolean existed = Files.exists(new Layout(place).format());
        Spool spool = SpoolMaker.openOrMake(place, fs);
        out(existed ? spool.root() + " is a spool already" : "made the spool " + spool.root());
        out("next, in one terminal:   gpuspool watch" + spoolOption());
        out("and in another:          echo nvidia-smi > " + place.resolve("incoming") + "/first.job");
        return ExitStatus.OK.code;
    }
}
