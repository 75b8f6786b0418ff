package gpuspool.watch;

import java.io.IOException;

/** Stands between an engine and its world. */
interface Meddler {
    /** What the engine asked for. */
    interface Call {
        Object run() throws IOException;
    }

    /** Does the call, or something else; what it returns or throws is what the engine sees. */
    Object around(Step step, Call call) throws IOException;

    /** Leaves everything as it is. */
    static Meddler none() {
        return (step, call) -> call.run();
    }

    /** This one sees the engine's calls first, the other what this one makes of them. */
    default Meddler over(Meddler inner) {
        return (step, call) -> around(step, () -> inner.around(step, call));
    }
}
