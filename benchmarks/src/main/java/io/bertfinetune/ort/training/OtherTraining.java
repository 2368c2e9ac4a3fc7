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
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** The library's training with something left out: how much that is worth is the difference. On the processor. */
public enum OtherTraining {
    /** The last layer computes all tokens, as PyTorch's does, though the classifier reads the first alone. */
    WHOLE_LAST_LAYER(OtherTraining::installed, OtherTraining::onAllTokens),
    /** ONNX Runtime computes everything, as without oneDNN on the class path. */
    ONNX_RUNTIME_ALONE(OrtEngine::cpu, head -> head);

    private final Supplier<Engine> engine;
    private final UnaryOperator<TaskHead<?, ?, ?>> head;

    OtherTraining(Supplier<Engine> engine, UnaryOperator<TaskHead<?, ?, ?>> head) {
        this.engine = engine;
        this.head = head;
    }

    /**
     * A session that trains a model for these labels.
     *
     * @param folder the model, its classifier included
     * @param labels the labels
     * @param options how it trains
     * @return the session, which closes all with it
     */
    public TrainingSession<Example<Text, String>> open(Path folder, List<String> labels, SessionOptions options) {
        Owned owned = new Owned();
        try (Pretrained pretrained = Pretrained.open(folder)) {
            BertConfig config = pretrained.config();
            TaskHead<?, ?, ?> head = this.head.apply(new SequenceClassificationHead(config, labels, Map.of()));
            Engine engine = owned.add(this.engine.get(), Engine::close);
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

    private static Engine installed() {
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
