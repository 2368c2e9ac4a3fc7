package io.bertfinetune.examples;

/**
 * One flag a program knows.
 *
 * @param name its name without the two dashes
 * @param initial its value when it is not given; empty for none
 * @param isSwitch whether it is yes or no, and may stand without a value
 * @param help what it says
 */
record Flag(String name, String initial, boolean isSwitch, String help) {
    /** Which model to begin with; {@link Shipped#model} reads it. */
    static final Flag MODEL = of(
            "model",
            "",
            "The model to begin with: a folder of Hugging Face, an .onnx file or a .jar; MiniLM unless given");

    /** Which data to train on; {@link Shipped#data} reads it. */
    static final Flag DATA = of(
            "data",
            "",
            "A folder with train.csv, validation.csv and test.csv, or the raw folder of CoLA; the mails of the examples"
                    + " unless given");

    static Flag of(String name, String initial, String help) {
        return new Flag(name, initial, false, help);
    }

    /** A flag that is off unless given. */
    static Flag ofSwitch(String name, String help) {
        return new Flag(name, "false", true, help);
    }

    /** What it says, and its default. */
    String description() {
        return isSwitch || initial.isEmpty() ? help : help + " (default " + initial + ")";
    }
}
