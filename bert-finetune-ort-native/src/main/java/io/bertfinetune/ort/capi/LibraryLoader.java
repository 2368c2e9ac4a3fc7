package io.bertfinetune.ort.capi;

import com.sun.jna.Library;
import com.sun.jna.NativeLibrary;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/** Loads native libraries into the process, where libraries that are loaded later find them by their file names. */
interface LibraryLoader {
    /**
     * Loads a library, once; it stays.
     *
     * @param library its file name, to be looked for where the system looks, or its path
     * @return why it cannot be loaded; none if it is
     */
    Optional<String> load(String library);

    /**
     * What a function of a library that was loaded answers.
     *
     * @param library as it was loaded
     * @param function a function without parameters that answers a whole number
     * @return the answer; none if the library has no such function
     */
    OptionalLong ask(String library, String function);

    /** The system's own. */
    static LibraryLoader ofTheSystem() {
        return new SystemLoader();
    }

    /** Keeps what it has loaded, for JNA would close it again. */
    final class SystemLoader implements LibraryLoader {
        private static final int LAZY = 0x1;
        private static final int GLOBAL = 0x100;
        private static final Map<String, NativeLibrary> LOADED = new ConcurrentHashMap<>();

        private SystemLoader() {}

        @Override
        public Optional<String> load(String library) {
            try {
                LOADED.computeIfAbsent(
                        library,
                        name -> NativeLibrary.getInstance(name, Map.of(Library.OPTION_OPEN_FLAGS, LAZY | GLOBAL)));
                return Optional.empty();
            } catch (UnsatisfiedLinkError e) {
                return Optional.of(reason(String.valueOf(e.getMessage())));
            }
        }

        /** The system's own words, which JNA puts behind a line of its own and before those of other places it looked in. */
        private static String reason(String message) {
            List<String> lines = message.lines().map(String::trim).toList();
            return lines.size() > 1 && lines.get(0).endsWith(":") ? lines.get(1) : lines.get(0);
        }

        @Override
        public OptionalLong ask(String library, String function) {
            try {
                return OptionalLong.of(
                        NativeLibrary.getInstance(library).getFunction(function).invokeLong(new Object[0]));
            } catch (UnsatisfiedLinkError e) {
                return OptionalLong.empty();
            }
        }
    }
}
