package io.bertfinetune.ort.training;

import io.bertfinetune.ort.heads.SequenceClassificationHead;
import io.bertfinetune.ort.heads.TaskHead;
import io.bertfinetune.ort.models.BertConfig;
import io.bertfinetune.task.SequenceClassification;
import io.bertfinetune.task.Task;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Which head computes which task, and what a head that no checkpoint brought starts as. */
final class Heads {
    private Heads() {}

    /** The head of a task; a task without an entry here does not compile. */
    @SuppressWarnings("unchecked") // each case answers the head of its own task
    static <I, L, P> TaskHead<I, L, P> of(Task<I, L, P> task, BertConfig config) {
        return (TaskHead<I, L, P>) task.match(new Task.Cases<TaskHead<?, ?, ?>>() {
            @Override
            public TaskHead<?, ?, ?> sequenceClassification(SequenceClassification t) {
                return new SequenceClassificationHead(config, t.labels(), t.classWeights());
            }
        });
    }

    /** The same task with other labels. */
    @SuppressWarnings("unchecked") // each case answers a task of its own kind
    static <I, L, P> Task<I, L, P> withLabels(Task<I, L, P> task, Function<List<String>, List<String>> change) {
        return (Task<I, L, P>) task.match(new Task.Cases<Task<?, ?, ?>>() {
            @Override
            public Task<?, ?, ?> sequenceClassification(SequenceClassification t) {
                return SequenceClassification.of(change.apply(t.labels())).classWeights(t.classWeights());
            }
        });
    }

    /** Whether labels are those that Hugging Face gives a model without names, {@code LABEL_0} and so on. */
    static boolean areUnnamed(List<String> labels) {
        return IntStream.range(0, labels.size()).allMatch(i -> labels.get(i).equals("LABEL_" + i));
    }

    /** Draws the parameters of a fresh head as Hugging Face does: matrices from N(0, initializer_range), biases zero. */
    static void draw(ParameterStore values, Set<String> fresh, BertConfig config, long seed) {
        Philox random = new Philox(seed);
        List<String> order = values.names();
        for (String name : fresh) {
            boolean matrix = values.get(name).shape().size() == 2;
            values.write(name, numbers -> {
                if (matrix) {
                    RandomFill.normal(random, order.indexOf(name), config.initializerRange(), numbers);
                } else {
                    while (numbers.hasRemaining()) {
                        numbers.put(0);
                    }
                }
            });
        }
    }
}
