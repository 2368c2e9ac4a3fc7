package io.bertfinetune.page;

import io.bertfinetune.data.Example;
import io.bertfinetune.metric.Outcome;
import io.bertfinetune.prediction.Classification;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;

/**
 * The outcomes of an evaluation as they come: counted, and the worst mistakes kept. Its memory grows with the labels, not
 * with the data. What is no classification is let pass.
 */
final class Judging {
    /** From the mildest mistake to the worst: the cross entropy of an example is {@code -log} of the right label's score. */
    private static final Comparator<Mistake> BY_LOSS = Comparator.comparingDouble(Mistake::truthScore)
            .reversed()
            .thenComparing(Comparator.comparingLong(Mistake::index).reversed());

    private final int mostMistakes;
    private final Map<String, Integer> labels = new LinkedHashMap<>();
    private final Map<Decision, Long> counts = new HashMap<>();
    private final PriorityQueue<Mistake> mistakes = new PriorityQueue<>(BY_LOSS);

    private record Decision(String truth, String predicted) {}

    Judging(int mostMistakes) {
        this.mostMistakes = mostMistakes;
    }

    void add(long index, Outcome<?, ?> outcome) {
        if (outcome.example() instanceof Example<?, ?> example
                && example.label() instanceof String truth
                && outcome.prediction() instanceof Classification prediction) {
            add(index, example, truth, prediction);
        }
    }

    private void add(long index, Example<?, ?> example, String truth, Classification prediction) {
        prediction.probabilities().keySet().forEach(label -> labels.putIfAbsent(label, labels.size()));
        labels.putIfAbsent(truth, labels.size());
        labels.putIfAbsent(prediction.label(), labels.size());
        counts.merge(new Decision(truth, prediction.label()), 1L, Long::sum);
        if (!truth.equals(prediction.label())) {
            keep(index, example, truth, prediction);
        }
    }

    private void keep(long index, Example<?, ?> example, String truth, Classification prediction) {
        double score = prediction.probabilities().getOrDefault(truth, 0.0);
        if (mistakes.size() < mostMistakes) {
            mistakes.add(Mistake.of(index, example, truth, prediction));
        } else if (mostMistakes > 0 && score < mistakes.element().truthScore()) {
            mistakes.remove();
            mistakes.add(Mistake.of(index, example, truth, prediction));
        }
    }

    boolean isEmpty() {
        return counts.isEmpty();
    }

    Judgement judgement(String set, long step) {
        List<Judgement.Cell> cells = counts.entrySet().stream()
                .map(cell -> new Judgement.Cell(
                        number(cell.getKey().truth()), number(cell.getKey().predicted()), cell.getValue()))
                .sorted(Comparator.comparingInt(Judgement.Cell::truth).thenComparingInt(Judgement.Cell::predicted))
                .toList();
        List<Mistake> worstFirst = new ArrayList<>(mistakes);
        worstFirst.sort(BY_LOSS.reversed());
        return new Judgement(set, step, List.copyOf(labels.keySet()), cells, worstFirst);
    }

    private int number(String label) {
        return Objects.requireNonNull(labels.get(label), label);
    }
}
