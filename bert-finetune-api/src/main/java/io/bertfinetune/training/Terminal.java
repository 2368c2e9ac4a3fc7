package io.bertfinetune.training;

import java.io.Console;

/** Whether somebody watches this program. */
final class Terminal {
    private Terminal() {}

    /** Whether standard input and output are a terminal on which a line can be drawn over. */
    @SuppressWarnings("SystemConsoleNull") // that a console says little is seen to below
    static boolean isThere() {
        Console console = System.console();
        return console != null && isTerminal(console) && !"dumb".equals(System.getenv("TERM"));
    }

    /** Up to Java 21 every console is a terminal; since 22 there may be one for a pipe, and it can be asked. */
    private static boolean isTerminal(Console console) {
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }
}
