/**
 * More than one run: how sure a number is, and which settings are best.
 *
 * <p>A single fine-tuning run says little: another seed shuffles otherwise, draws another head, and on small data moves an
 * accuracy by whole points. {@link io.bertfinetune.experiment.Repeat} runs the same training over several seeds, or over
 * the folds of a data set, and tells mean, standard deviation and a 95 % confidence interval of every metric; two
 * configurations run over the same seeds are compared by the differences, pair by pair:
 *
 * <pre>{@code
 * Runs small = Repeat.seeds(5).run(seed -> train(2e-5, seed));
 * Runs large = Repeat.seeds(5).run(seed -> train(1e-4, seed));
 * System.out.println(large.minus(small));       // 0 outside the interval: more than luck
 * }</pre>
 *
 * <p>{@link io.bertfinetune.experiment.Search} tries settings out: each trial draws
 * {@linkplain io.bertfinetune.experiment.Hyperparameter values} from a {@link io.bertfinetune.experiment.SearchSpace}, at
 * random or by successive {@link io.bertfinetune.experiment.Halving}, and one metric, named and with a direction, says which
 * is best:
 *
 * <pre>{@code
 * var space = SearchSpace.of(TrainingArguments.builder().numTrainEpochs(3).build())
 *         .with(Hyperparameter.logUniform("learningRate", 1e-5, 1e-3), TrainingArguments.Builder::learningRate);
 * SearchResult found = Search.maximize("eval_accuracy").over(space).trials(20).run(trial -> train(trial.arguments()));
 * TrainingArguments best = found.best().trial().arguments();
 * }</pre>
 *
 * <p>Both take a function that opens a model, trains it and returns metrics; there is no Hugging Face {@code model_init},
 * because nothing is left over from one run to the next. Runs follow one another on the calling thread, and each result is
 * logged to {@code io.bertfinetune.experiment} at level {@code INFO} when it is there.
 */
@NullMarked
package io.bertfinetune.experiment;

import org.jspecify.annotations.NullMarked;
