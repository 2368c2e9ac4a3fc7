package io.bertfinetune.ort.engine;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.NativeLong;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;

/**
 * Asks Linux for pages of 2 MB where numbers fill very many of the ordinary ones: they are given and zeroed at once, and walks
 * over weights and gradients look up few. {@code madvise} with {@code MADV_HUGEPAGE}, which a system may have switched off or
 * not heed.
 */
final class HugePages {
    private static final int MADV_HUGEPAGE = 14;
    private static final long SIZE = 2L << 20;

    /** More than glibc ever takes from a heap: a mapping of its own, which nothing else will lie in. */
    private static final long LEAST = 33L << 20;

    private HugePages() {}

    /** Asks for those that lie within some memory, if there is enough of it, of which nothing was touched yet. */
    static void ask(long address, long bytes) {
        long first = Math.floorDiv(address + SIZE - 1, SIZE) * SIZE;
        long end = Math.floorDiv(address + bytes, SIZE) * SIZE;
        if (Platform.isLinux() && bytes >= LEAST) {
            Linux.MADVISE.invokeInt(new Object[] {new Pointer(first), new NativeLong(end - first), MADV_HUGEPAGE});
        }
    }

    private static final class Linux {
        private static final Function MADVISE =
                NativeLibrary.getInstance(Platform.C_LIBRARY_NAME).getFunction("madvise");
    }
}
