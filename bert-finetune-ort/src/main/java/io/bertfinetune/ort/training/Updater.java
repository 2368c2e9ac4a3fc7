package io.bertfinetune.ort.training;

import io.bertfinetune.model.SessionOptions;
import io.bertfinetune.optim.ParameterGroups;
import io.bertfinetune.optim.ParameterInfo;
import io.bertfinetune.ort.engine.DeviceTensor;
import io.bertfinetune.ort.engine.Engine;
import io.bertfinetune.ort.engine.Executable;
import io.bertfinetune.ort.graph.DataType;
import io.bertfinetune.ort.graph.Dim;
import io.bertfinetune.ort.graph.Graph;
import io.bertfinetune.ort.graph.Program;
import io.bertfinetune.ort.graph.Shape;
import io.bertfinetune.ort.graph.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Applies an optimizer's formula to all parameters where they lie: weights and states are overwritten in place, in pieces
 * that fit the processor's cache and are shared out to all cores.
 */
final class Updater implements AutoCloseable {
    private final Engine engine;
    private final Workers workers;
    private final Map<String, ParameterStore> states = new TreeMap<>();
    private final Map<String, DeviceTensor> statesByName = new TreeMap<>();
    private final Map<String, DeviceTensor> scalars = new TreeMap<>();
    private final Executable copy;
    private final List<Piece> pieces = new ArrayList<>();
    private final Owned owned = new Owned();

    /** A run of a program on some numbers, and what must be copied afterwards because it could not be written in place. */
    private record Piece(
            Executable program,
            Map<String, DeviceTensor> inputs,
            Map<String, DeviceTensor> outputs,
            Map<DeviceTensor, DeviceTensor> copies) {
        void run(Executable copy) {
            program.run(inputs, outputs);
            copies.forEach((from, to) -> copy.run(Map.of("from", from), Map.of("to", to)));
        }
    }

    /**
     * Prepares the update.
     *
     * @param values the numbers of all parameters
     * @param gradients the gradients of those that train
     */
    Updater(Engine engine, Workers workers, SessionOptions options, ParameterStore values, ParameterStore gradients) {
        this.engine = engine;
        this.workers = workers;
        Map<String, ParameterGroups.Setting> settings =
                options.parameterGroups().of(values.layout().parameters());
        try {
            this.copy = compiled(copy());
            Run run = new Run(values, gradients);
            for (ParameterInfo parameter : gradients.layout().inMemory()) {
                ParameterGroups.Setting setting = of(settings, parameter.name());
                double decay = setting.decays() ? options.weightDecay() : 0;
                run.add(parameter, UpdateRule.of(options.optimizer(), parameter, decay, setting.learningRateScale()));
            }
            run.end();
        } catch (RuntimeException | Error e) {
            owned.closeAfter(e);
            throw e;
        }
    }

    /**
     * Updates every parameter that trains.
     *
     * @param learningRate the learning rate
     * @param gradientScale what gradients are multiplied by as they are read
     * @param step the number of this step, from 1
     */
    void update(double learningRate, double gradientScale, long step) {
        scalars.forEach((name, tensor) -> {
            double number = switch (name) {
                case UpdateRule.LEARNING_RATE -> learningRate;
                case UpdateRule.GRADIENT_SCALE -> gradientScale;
                default -> UpdateRule.ofStep(name, (double) step);
            };
            tensor.write(bytes -> bytes.putFloat((float) number));
        });
        workers.forEach(pieces.size(), i -> pieces.get(i).run(copy));
    }

    /** The states that have the shapes of their parameters, by name, for tests. */
    Map<String, ParameterStore> stores() {
        return java.util.Collections.unmodifiableMap(states);
    }

    /** Everything the optimizer remembers, as {@code <parameter>.<state>}; zeros before the first update. */
    Map<String, DeviceTensor> states() {
        return Collections.unmodifiableMap(statesByName);
    }

    /** Collects neighbours with the same formula and cuts them into pieces. */
    private final class Run {
        private final ParameterStore values;
        private final ParameterStore gradients;
        private final Map<String, Executable> bySignature = new HashMap<>();
        private final List<ParameterInfo> neighbours = new ArrayList<>();
        private String signature = "";
        private java.util.Optional<UpdateRule> rule = java.util.Optional.empty();

        Run(ParameterStore values, ParameterStore gradients) {
            this.values = values;
            this.gradients = gradients;
        }

        void add(ParameterInfo parameter, UpdateRule next) {
            if (next.outputs().isEmpty()) {
                end();
                return;
            }
            if (!next.elementwise()) {
                end();
                whole(parameter, next);
                return;
            }
            String nextSignature = next.signature();
            if (!nextSignature.equals(signature) || !continues(parameter)) {
                end();
                signature = nextSignature;
                rule = java.util.Optional.of(next);
            }
            neighbours.add(parameter);
        }

        void end() {
            if (!neighbours.isEmpty()) {
                ParameterInfo last = neighbours.get(neighbours.size() - 1);
                long start = gradients.layout().offset(neighbours.get(0).name());
                long stop = gradients.layout().offset(last.name()) + last.size();
                long shift = shift(last);
                int piece = GradientStore.pieceSize(engine);
                for (long at = start; at < stop; at += piece) {
                    flat(rule.orElseThrow(), at, shift, Math.min(piece, stop - at));
                }
                for (String state : rule.orElseThrow().stateShapes().keySet()) {
                    ParameterStore store = java.util.Objects.requireNonNull(states.get(state), state);
                    neighbours.forEach(each -> statesByName.put(each.name() + "." + state, store.get(each.name())));
                }
                neighbours.clear();
            }
            signature = "";
        }

        /** Whether no frozen parameter lies between this one's values and those of the one before. */
        private boolean continues(ParameterInfo parameter) {
            return neighbours.isEmpty() || shift(parameter) == shift(neighbours.get(0));
        }

        /** How much farther back the values lie than the gradients, because of frozen parameters before them. */
        private long shift(ParameterInfo parameter) {
            return values.layout().offset(parameter.name()) - gradients.layout().offset(parameter.name());
        }

        private void flat(UpdateRule formula, long start, long shift, long count) {
            Map<String, DeviceTensor> old = new LinkedHashMap<>();
            old.put(UpdateRule.VALUE, values.piece(start + shift, count));
            old.put(UpdateRule.GRADIENT, gradients.piece(start, count));
            formula.stateShapes()
                    .keySet()
                    .forEach(name -> old.put(
                            UpdateRule.STATE + name,
                            states.computeIfAbsent(name, n -> store()).piece(start, count)));
            pieces.add(piece(formula, old));
        }

        private ParameterStore store() {
            return owned.add(new ParameterStore(engine, gradients.layout()), ParameterStore::close);
        }

        private void whole(ParameterInfo parameter, UpdateRule formula) {
            Map<String, DeviceTensor> old = new LinkedHashMap<>();
            old.put(UpdateRule.VALUE, values.get(parameter.name()));
            old.put(UpdateRule.GRADIENT, gradients.get(parameter.name()));
            formula.stateShapes().forEach((name, shape) -> {
                DeviceTensor state = allocated(shape.toArray());
                statesByName.put(parameter.name() + "." + name, state);
                old.put(UpdateRule.STATE + name, state);
            });
            pieces.add(piece(formula, old));
        }

        private Piece piece(UpdateRule formula, Map<String, DeviceTensor> old) {
            Program inPlace = formula.inPlace("update");
            Map<String, String> overwrites = inPlace.overwrites();
            Executable program = bySignature.computeIfAbsent(formula.signature(), s -> compiled(inPlace));
            Map<String, DeviceTensor> outputs = new LinkedHashMap<>();
            Map<DeviceTensor, DeviceTensor> copies = new LinkedHashMap<>();
            for (String output : formula.outputs().keySet()) {
                DeviceTensor target = of(old, output.substring(UpdateRule.NEW.length()));
                if (overwrites.containsKey(output)) {
                    outputs.put(output, target);
                } else {
                    long[] shape =
                            target.shape().stream().mapToLong(Long::longValue).toArray();
                    DeviceTensor beside = allocated(shape);
                    outputs.put(output, beside);
                    copies.put(beside.view(0, target.size()), target.view(0, target.size()));
                }
            }
            Map<String, DeviceTensor> inputs = new LinkedHashMap<>();
            inPlace.inputs()
                    .keySet()
                    .forEach(name -> inputs.put(name, old.containsKey(name) ? of(old, name) : scalar(name)));
            return new Piece(program, inputs, outputs, copies);
        }
    }

    private static Program copy() {
        Graph graph = new Graph();
        Value from = graph.input("from", DataType.FLOAT, Shape.of(Dim.named("count")));
        return Program.of("copy", Map.of("to", from));
    }

    private Executable compiled(Program program) {
        return owned.add(engine.compileForPieces(program), Executable::close);
    }

    private DeviceTensor allocated(long... shape) {
        return owned.add(engine.allocate(DataType.FLOAT, shape), DeviceTensor::close);
    }

    private DeviceTensor scalar(String name) {
        return scalars.computeIfAbsent(
                name,
                n -> owned.add(engine.allocateOnHost(DataType.FLOAT, Shape.SCALAR.toArray()), DeviceTensor::close));
    }

    private static <T> T of(Map<String, T> named, String name) {
        return java.util.Objects.requireNonNull(named.get(name), name);
    }

    @Override
    public void close() {
        owned.close();
    }
}
