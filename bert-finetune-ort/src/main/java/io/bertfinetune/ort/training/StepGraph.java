package io.bertfinetune.ort.training;

import io.bertfinetune.ort.autodiff.Autodiff;
import io.bertfinetune.ort.graph.DataType;
import io.bertfinetune.ort.graph.Dim;
import io.bertfinetune.ort.graph.Graph;
import io.bertfinetune.ort.graph.Node;
import io.bertfinetune.ort.graph.Op;
import io.bertfinetune.ort.graph.Program;
import io.bertfinetune.ort.graph.Shape;
import io.bertfinetune.ort.graph.Value;
import io.bertfinetune.ort.heads.TaskHead;
import io.bertfinetune.ort.models.BertConfig;
import io.bertfinetune.ort.models.BertEncoder;
import io.bertfinetune.ort.models.BertInputs;
import io.bertfinetune.ort.nn.Dropout;
import io.bertfinetune.ort.nn.Scope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The graphs of a model: what it computes to predict, to evaluate, and to learn.
 *
 * @param program the graph and what is wanted of it
 * @param parameters the parameters it reads, by name, in the order of the network
 * @param dropout where it has dropout; nowhere unless it learns
 * @param packedDropout whether it reads its masks as bits
 * @param tables the parameters whose gradient comes as rows, each with the outputs {@code rows.NAME} and {@code ids.NAME}
 *     in place of {@code gradient.NAME}
 */
record StepGraph(
        Program program,
        Map<String, Value> parameters,
        List<Dropout.Site> dropout,
        boolean packedDropout,
        Set<String> tables) {
    static final String LOSS = "loss_sum";
    static final String GRADIENT = "gradient.";
    static final String ROWS = "rows.";
    static final String IDS = "ids.";
    static final String LOSS_SCALE = "loss_scale";

    /** What the graph of training leaves to others. */
    enum Form {
        /** Rows of tables, to be added up on the host. */
        ROWS_OF_TABLES,
        /** Nothing: every gradient is computed whole. */
        WHOLE,
        /** As {@link #WHOLE}, and the loss is multiplied by an input before it is differentiated. */
        WHOLE_AND_SCALED
    }

    static final String HIDDEN = "hidden_states.";
    static final String ATTENTION = "attentions.";

    /** The table whose row for padding never learns, as in PyTorch, and of which a step touches few rows. */
    private static final String WORD_TABLE = "bert.embeddings.word_embeddings.weight";

    /** The outputs of the head alone, without dropout. */
    static StepGraph prediction(BertConfig config, TaskHead<?, ?, ?> head) {
        Network network = new Network(config, head, Dropout.off());
        return network.graph("prediction", network.outputs, Set.of());
    }

    /** The outputs of the head and the loss, without dropout. */
    static StepGraph evaluation(BertConfig config, TaskHead<?, ?, ?> head) {
        Network network = new Network(config, head, Dropout.off());
        Map<String, Value> wanted = new LinkedHashMap<>(network.outputs);
        wanted.put(LOSS, head.lossSum(network.outputs, head.targets(network.graph)));
        return network.graph("evaluation", wanted, Set.of());
    }

    /**
     * The outputs of the head, and what every layer computes for them at every position: {@code hidden_states.I}
     * {@code [batch, sequence, hidden]} and {@code attentions.I} {@code [batch, heads, sequence, sequence]}.
     */
    static StepGraph trace(BertConfig config, TaskHead<?, ?, ?> head) {
        Graph graph = new Graph();
        Scope scope = Scope.of(graph);
        BertEncoder.Inside inside =
                new BertEncoder(config, Dropout.off()).inside(scope.at("bert"), BertInputs.of(graph));
        Map<String, Value> wanted = new LinkedHashMap<>(head.outputs(scope, inside.last(head.reads()), Dropout.off()));
        Shape rows = Shape.of(BertInputs.SEQUENCE, BertInputs.BATCH, Dim.of(config.hiddenSize()));
        for (int i = 0; i < inside.hiddenStates().size(); i++) {
            wanted.put(HIDDEN + i, inside.hiddenStates().get(i).reshape(rows).transpose(1, 0, 2));
        }
        for (int i = 0; i < inside.attentions().size(); i++) {
            wanted.put(ATTENTION + i, inside.attentions().get(i));
        }
        return new StepGraph(Program.of("trace", wanted), scope.parameters(), List.of(), false, Set.of());
    }

    /**
     * The loss and its gradient for every parameter that trains.
     *
     * @param form how far the graph goes
     * @param trains by the name of a parameter, whether it does; the backward pass goes as far down as the lowest
     * @param smoothing how much of each label is spread over all labels
     */
    static StepGraph training(
            BertConfig config,
            TaskHead<?, ?, ?> head,
            Dropout dropout,
            Form form,
            Predicate<String> trains,
            double smoothing) {
        Network network = new Network(config, head, dropout);
        Value loss = head.lossSum(network.outputs, head.targets(network.graph), smoothing);
        Map<String, Value> trained = new LinkedHashMap<>(network.scope.parameters());
        trained.keySet().removeIf(trains.negate());
        Value differentiated = form == Form.WHOLE_AND_SCALED
                ? loss.times(network.graph.input(LOSS_SCALE, DataType.FLOAT, Shape.SCALAR))
                : loss;
        Map<Value, Value> gradients = Autodiff.gradients(differentiated, trained.values());
        Map<String, Value> wanted = new LinkedHashMap<>(Map.of(LOSS, loss));
        Set<String> tables = new LinkedHashSet<>();
        trained.forEach((name, parameter) -> {
            Value gradient = java.util.Objects.requireNonNull(gradients.get(parameter), name);
            Optional<Node> scatter =
                    isTable(name) ? gradient.producer().filter(node -> node.op() == Op.SCATTER_ADD) : Optional.empty();
            if (scatter.isPresent() && form != Form.ROWS_OF_TABLES) {
                wanted.put(GRADIENT + name, withoutPadding(scatter.get(), config.padTokenId()));
            } else if (scatter.isPresent()) {
                wanted.put(ROWS + name, scatter.get().in(0));
                wanted.put(IDS + name, scatter.get().in(1));
                tables.add(name);
            } else {
                wanted.put(GRADIENT + name, gradient);
            }
        });
        return network.graph("training", wanted, tables);
    }

    /** The gradient of a table to whose row for padding nothing is added, as in PyTorch's embedding. */
    private static Value withoutPadding(Node scatter, long padding) {
        Value ids = scatter.in(1);
        Value isToken = ids.cast(DataType.FLOAT).plus(-(double) padding).abs().sign();
        List<Dim> column = new ArrayList<>(ids.shape().dims());
        column.add(Dim.ONE);
        return scatter.in(0)
                .times(isToken.reshape(new Shape(column)))
                .scatterAdd(ids, scatter.output().shape());
    }

    /** The names of the parameters it has gradients for. */
    Set<String> trained() {
        Set<String> trained = new LinkedHashSet<>(tables);
        program.outputs().keySet().stream()
                .filter(name -> name.startsWith(GRADIENT))
                .forEach(name -> trained.add(name.substring(GRADIENT.length())));
        return trained;
    }

    /** Whether a parameter's gradient is that of a few rows, none of them that for padding. */
    static boolean isTable(String parameter) {
        return parameter.equals(WORD_TABLE);
    }

    /** Encoder and head in one graph. */
    private static final class Network {
        private final Graph graph = new Graph();
        private final Scope scope = Scope.of(graph);
        private final Dropout dropout;
        private final Map<String, Value> outputs;

        Network(BertConfig config, TaskHead<?, ?, ?> head, Dropout dropout) {
            this.dropout = dropout;
            Value hidden =
                    new BertEncoder(config, dropout).encode(scope.at("bert"), BertInputs.of(graph), head.reads());
            this.outputs = head.outputs(scope, hidden, dropout);
        }

        StepGraph graph(String name, Map<String, Value> wanted, Set<String> tables) {
            return new StepGraph(
                    Program.of(name, wanted),
                    scope.parameters(),
                    dropout.sites(),
                    dropout.isPacked(),
                    java.util.Set.copyOf(tables));
        }
    }
}
