package io.bertfinetune.ort.training;

import io.bertfinetune.data.Example;
import io.bertfinetune.model.Device;
import io.bertfinetune.model.SessionOptions;
import io.bertfinetune.model.TrainingSession;
import io.bertfinetune.ort.engine.Engine;
import io.bertfinetune.ort.engine.EngineProvider;
import io.bertfinetune.ort.engine.OrtEngine;
import io.bertfinetune.ort.graph.Value;
import io.bertfinetune.ort.heads.SequenceClassificationHead;
import io.bertfinetune.ort.heads.TaskHead;
import io.bertfinetune.ort.models.BertConfig;
import io.bertfinetune.ort.models.BertEncoder;
import io.bertfinetune.ort.models.BertInputs;
import io.bertfinetune.ort.nn.Dropout;
import io.bertfinetune.ort.nn.Scope;
import io.bertfinetune.ort.weights.Pretrained;
import io.bertfinetune.ort.weights.WeightLoader;
import io.bertfinetune.text.Text;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Training in which the last layer computes all tokens, as PyTorch does, though the classifier reads the first alone: what is
 * saved by not doing so is the difference to the library's own training.
 */
public final class WholeLastLayer {
    private WholeLastLayer() {}

    /**
     * A session on the processor that trains a model for these labels.
     *
     * @param folder the model, its classifier included
     * @param labels the labels
     * @param options how it trains
     * @return the session, which closes all with it
     */
    public static TrainingSession<Example<Text, String>> open(
            Path folder, List<String> labels, SessionOptions options) {
        Owned owned = new Owned();
        try (Pretrained pretrained = Pretrained.open(folder)) {
            BertConfig config = pretrained.config();
            TaskHead<?, ?, ?> head = onAllTokens(new SequenceClassificationHead(config, labels, Map.of()));
            Engine engine = owned.add(engine(), Engine::close);
            ParameterStore values = owned.add(
                    new ParameterStore(engine, ModelLoader.layout(StepGraph.prediction(config, head))),
                    ParameterStore::close);
            WeightLoader.load(
                    pretrained.name(), pretrained.weights(), values.layout().parameters(), values::write);
            return new OrtTrainingSession<>(
                    engine,
                    StepGraph.training(config, head, Dropout.on(), StepGraph.Form.ROWS_OF_TABLES, parameter -> true, 0),
                    head,
                    new BatchFeed(config),
                    values,
                    options,
                    new ReentrantLock(),
                    owned::close);
        } catch (RuntimeException | Error e) {
            owned.closeAfter(e);
            throw e;
        }
    }

    private static Engine engine() {
        return EngineProvider.all().stream()
                .flatMap(provider -> provider.open(Device.cpu()).stream())
                .findFirst()
                .orElseGet(OrtEngine::cpu);
    }

    /** The head, given the first rows of all. */
    private static TaskHead<?, ?, ?> onAllTokens(TaskHead<?, ?, ?> head) {
        return (TaskHead<?, ?, ?>) Proxy.newProxyInstance(
                TaskHead.class.getClassLoader(), new Class<?>[] {TaskHead.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("reads")) {
                        return BertEncoder.Reads.EVERY_TOKEN;
                    }
                    if (method.getName().equals("outputs")) {
                        return head.outputs(
                                (Scope) arguments[0], ((Value) arguments[1]).rows(0, BertInputs.BATCH), (Dropout)
                                        arguments[2]);
                    }
                    try {
                        return method.invoke(head, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
