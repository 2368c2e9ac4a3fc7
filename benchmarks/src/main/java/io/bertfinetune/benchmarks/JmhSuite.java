package io.bertfinetune.benchmarks;

import org.openjdk.jmh.Main;

/** JMH's benchmarks of small parts, with JMH's own flags. */
final class JmhSuite {
    private JmhSuite() {}

    static Suite suite() {
        return new Suite(
                "jmh", "small parts, by JMH: [name] and JMH's own flags", (out, err, flags) -> Main.main(flags));
    }
}
