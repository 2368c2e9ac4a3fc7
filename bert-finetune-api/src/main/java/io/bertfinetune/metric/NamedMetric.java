package io.bertfinetune.metric;

import java.util.stream.Collector;

record NamedMetric<E, P>(
        String name, Collector<Outcome<? extends E, ? extends P>, ?, Metrics> collector, boolean greaterIsBetter)
        implements Metric<E, P> {}
