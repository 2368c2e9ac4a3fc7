/** What a user says to fine-tune BERT: text, data, tasks, optimizers, metrics, and the {@code Trainer}. */
module io.bertfinetune {
    requires static transitive org.jspecify;
    requires static micrometer.core;
    requires jdk.unsupported;
    requires org.slf4j;
    requires com.google.common;
    requires com.google.gson;
    requires de.siegmar.fastcsv;
    requires jdk.httpserver;

    exports io.bertfinetune;
    exports io.bertfinetune.check;
    exports io.bertfinetune.data;
    exports io.bertfinetune.error;
    exports io.bertfinetune.experiment;
    exports io.bertfinetune.metric;
    exports io.bertfinetune.model;
    exports io.bertfinetune.optim;
    exports io.bertfinetune.page;
    exports io.bertfinetune.prediction;
    exports io.bertfinetune.spi;
    exports io.bertfinetune.task;
    exports io.bertfinetune.text;
    exports io.bertfinetune.training;

    uses io.bertfinetune.model.DeviceSupport;
    uses io.bertfinetune.spi.Backend;
}
