package io.bertfinetune.metric;

import io.bertfinetune.data.Example;
import io.bertfinetune.prediction.Entity;
import io.bertfinetune.prediction.Tagging;
import io.bertfinetune.text.Span;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collector;
import java.util.stream.Collectors;

/**
 * The harmonic mean of precision and recall over whole entities, with both beside it, 0 to 1. An entity is found if one is
 * predicted with the same type and the same words; {@link Tagging#entities} says how tags are read. The numbers of
 * {@code conlleval}, and of seqeval's default mode with {@code average="micro"}. 0 where there is nothing to divide by.
 *
 * <p>Labels are tags, one for each word. Evaluation fails with an {@link IllegalArgumentException} if there are more or
 * fewer, or if a tag spells no entity.
 */
public final class SpanF1 implements Metric<Example<?, List<String>>, Tagging> {
    private final boolean perType;

    private SpanF1(boolean perType) {
        this.perType = perType;
    }

    /**
     * Over the entities of all types together.
     *
     * @return a metric that reports {@code f1}, {@code precision} and {@code recall}
     */
    public static SpanF1 of() {
        return new SpanF1(false);
    }

    /**
     * Over all, and over each type that is true or predicted at least once.
     *
     * @return a metric that reports {@code f1}, {@code precision} and {@code recall}, and after them {@code PER_f1},
     *     {@code PER_precision}, {@code PER_recall} and so on, sorted by type
     */
    public static SpanF1 perType() {
        return new SpanF1(true);
    }

    @Override
    public String name() {
        return "f1";
    }

    @Override
    public Collector<Outcome<? extends Example<?, List<String>>, ? extends Tagging>, ?, Metrics> collector() {
        return Collector
                .<Outcome<? extends Example<?, List<String>>, ? extends Tagging>, Map<String, Counts>, Metrics>of(
                        TreeMap::new,
                        (types, outcome) -> add(types, outcome.example().label(), outcome.prediction()),
                        SpanF1::addAll,
                        this::numbers);
    }

    private static void add(Map<String, Counts> types, List<String> tags, Tagging prediction) {
        if (tags.size() != prediction.tags().size()) {
            throw new IllegalArgumentException("SpanF1: " + tags.size() + " labels for "
                    + prediction.tags().size() + " words, expected one for each: "
                    + prediction.words().words());
        }
        Set<TypedSpan> truths = spans(Tagging.of(prediction.words(), tags));
        Set<TypedSpan> predictions = spans(prediction);
        truths.forEach(span -> counts(types, span.type()).truths++);
        for (TypedSpan span : predictions) {
            Counts counts = counts(types, span.type());
            counts.predictions++;
            counts.hits += truths.contains(span) ? 1 : 0;
        }
    }

    private static Set<TypedSpan> spans(Tagging tagging) {
        return tagging.entities().stream().map(TypedSpan::of).collect(Collectors.toSet());
    }

    private static Map<String, Counts> addAll(Map<String, Counts> types, Map<String, Counts> others) {
        others.forEach((type, counts) -> counts(types, type).addAll(counts));
        return types;
    }

    private static Counts counts(Map<String, Counts> types, String type) {
        return types.computeIfAbsent(type, first -> new Counts());
    }

    private Metrics numbers(Map<String, Counts> types) {
        Map<String, Double> numbers = new LinkedHashMap<>();
        Counts all = new Counts();
        types.values().forEach(all::addAll);
        all.report("", numbers);
        if (perType) {
            types.forEach((type, counts) -> counts.report(type + "_", numbers));
        }
        return Metrics.of(numbers);
    }

    private record TypedSpan(String type, Span words) {
        static TypedSpan of(Entity entity) {
            return new TypedSpan(entity.type(), entity.words());
        }
    }

    private static final class Counts {
        private long hits;
        private long predictions;
        private long truths;

        void addAll(Counts other) {
            hits += other.hits;
            predictions += other.predictions;
            truths += other.truths;
        }

        void report(String prefix, Map<String, Double> numbers) {
            numbers.put(prefix + "f1", LabelScore.ratio(2 * hits, predictions + truths));
            numbers.put(prefix + "precision", LabelScore.ratio(hits, predictions));
            numbers.put(prefix + "recall", LabelScore.ratio(hits, truths));
        }
    }
}
