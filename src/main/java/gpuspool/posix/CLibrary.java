package gpuspool.posix;

import com.sun.jna.Native;

/** Loads {@link LibC} as quickly as JNA can. */
final class CLibrary {
    /** Where JNA looks for libraries; without it, it runs ldconfig to find out, which takes longer than all else. */
    private static final String SEARCH_PATH = "jna.platform.library.path";

    private CLibrary() {}

    /** The C library is part of this process already: nothing has to be looked for. */
    static LibC load() {
        if (System.getProperty(SEARCH_PATH) == null) {
            System.setProperty(SEARCH_PATH, "");
        }
        return Native.load(LibC.class);
    }
}
