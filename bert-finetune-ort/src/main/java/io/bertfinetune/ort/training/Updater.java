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
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Applies an optimizer's formula to all parameters where they lie: weights and states are overwritten in place, in pieces
 * that fit the processor's cache and are shared out to all cores. Of a table, rows that never had a gradient are left out
 * where the formula allows it: {@link TableUpdate}.
 */
final class Updater implements AutoCloseable {
    private final Engine engine;
    private final Workers workers;
    private final Map<String, ParameterStore> states = new TreeMap<>();
    private final Map<String, DeviceTensor> statesByName = new TreeMap<>();
    private final Map<String, DeviceTensor> scalars = new TreeMap<>();
    private final Executable copy;
    private final List<Runnable> pieces = new ArrayList<>();
    private final List<TableUpdate> tables = new ArrayList<>();
    private final Owned owned = new Owned();

    /** A run of a program on some numbers, and what copies afterwards what it could not write in place. */
    private record Piece(Runnable program, List<Runnable> copies) implements Runnable {
        @Override
        public void run() {
            program.run();
            copies.forEach(Runnable::run);
        }
    }

    /**
     * Prepares the update.
     *
     * @param values the numbers of all parameters
     * @param gradients the gradients of those that train
     * @param touched the rows that have a gradient, of each table whose gradient comes as rows; looked at in every update
     */
    Updater(
            Engine engine,
            Workers workers,
            SessionOptions options,
            ParameterStore values,
            ParameterStore gradients,
            Map<String, BitSet> touched) {
        this.engine = engine;
        this.workers = workers;
        Map<String, ParameterGroups.Setting> settings =
                options.parameterGroups().of(values.layout().parameters());
        try {
            this.copy = compiled(copy());
            Run run = new Run(values, gradients, touched);
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
        List<Runnable> work = new ArrayList<>(pieces);
        tables.forEach(table -> work.addAll(table.work()));
        workers.forEach(work.size(), i -> work.get(i).run());
    }

    /** Takes notice of states that were written from outside. */
    void statesRead() {
        tables.forEach(TableUpdate::statesRead);
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
        private final Map<String, BitSet> touched;
        private final Map<String, Executable> bySignature = new HashMap<>();
        private final List<ParameterInfo> neighbours = new ArrayList<>();
        private String signature = "";
        private java.util.Optional<UpdateRule> rule = java.util.Optional.empty();

        Run(ParameterStore values, ParameterStore gradients, Map<String, BitSet> touched) {
            this.values = values;
            this.gradients = gradients;
            this.touched = touched;
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
            if (touched.containsKey(parameter.name()) && engine.isOnHost() && Resting.holds(next)) {
                end();
                table(parameter, next);
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
                pieces.addAll(flat(rule.orElseThrow(), neighbours.get(0), last));
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

        /** The update of all from one to another, in pieces. */
        private List<Runnable> flat(UpdateRule formula, ParameterInfo first, ParameterInfo last) {
            List<Runnable> flat = new ArrayList<>();
            long start = gradients.layout().offset(first.name());
            long stop = gradients.layout().offset(last.name()) + last.size();
            int piece = GradientStore.pieceSize(engine);
            for (long at = start; at < stop; at += piece) {
                flat.add(flat(formula, at, shift(last), Math.min(piece, stop - at)));
            }
            return flat;
        }

        private Runnable flat(UpdateRule formula, long start, long shift, long count) {
            Map<String, DeviceTensor> old = new LinkedHashMap<>();
            old.put(UpdateRule.VALUE, values.piece(start + shift, count));
            old.put(UpdateRule.GRADIENT, gradients.piece(start, count));
            formula.stateShapes()
                    .keySet()
                    .forEach(name -> old.put(
                            UpdateRule.STATE + name,
                            states.computeIfAbsent(name, n -> store()).piece(start, count)));
            return piece(formula, old);
        }

        private void table(ParameterInfo parameter, UpdateRule formula) {
            List<Runnable> whole = flat(formula, parameter, parameter);
            Map<String, DeviceTensor> table = new LinkedHashMap<>();
            table.put(UpdateRule.VALUE, values.get(parameter.name()));
            table.put(UpdateRule.GRADIENT, gradients.get(parameter.name()));
            for (String state : formula.stateShapes().keySet()) {
                DeviceTensor tensor = of(states, state).get(parameter.name());
                table.put(UpdateRule.STATE + state, tensor);
                statesByName.put(parameter.name() + "." + state, tensor);
            }
            int width = Math.toIntExact(parameter.size() / parameter.shape().get(0));
            long packed = (long) Math.max(1, GradientStore.pieceSize(engine) / width) * width;
            List<TableUpdate.Pack> packs = new ArrayList<>();
            for (int i = 0; i < workers.threads(); i++) {
                Map<String, DeviceTensor> room = new LinkedHashMap<>();
                table.keySet().forEach(name -> room.put(name, allocated(packed)));
                packs.add(new TableUpdate.Pack(room, piece(formula, room)));
            }
            Set<String> written = formula.outputs().keySet().stream()
                    .map(output -> output.substring(UpdateRule.NEW.length()))
                    .collect(Collectors.toSet());
            tables.add(new TableUpdate(table, written, of(touched, parameter.name()), whole, packs));
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

        private Runnable piece(UpdateRule formula, Map<String, DeviceTensor> old) {
            Program inPlace = formula.inPlace("update");
            Map<String, String> overwrites = inPlace.overwrites();
            Executable program = bySignature.computeIfAbsent(formula.signature(), s -> compiled(inPlace));
            Map<String, DeviceTensor> outputs = new LinkedHashMap<>();
            List<Runnable> copies = new ArrayList<>();
            for (String output : formula.outputs().keySet()) {
                DeviceTensor target = of(old, output.substring(UpdateRule.NEW.length()));
                if (overwrites.containsKey(output)) {
                    outputs.put(output, target);
                } else {
                    long[] shape =
                            target.shape().stream().mapToLong(Long::longValue).toArray();
                    DeviceTensor beside = allocated(shape);
                    outputs.put(output, beside);
                    copies.add(copy.bind(
                            Map.of("from", beside.view(0, target.size())),
                            Map.of("to", target.view(0, target.size()))));
                }
            }
            Map<String, DeviceTensor> inputs = new LinkedHashMap<>();
            inPlace.inputs()
                    .keySet()
                    .forEach(name -> inputs.put(name, old.containsKey(name) ? of(old, name) : scalar(name)));
            return new Piece(program.bind(inputs, outputs), copies);
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
