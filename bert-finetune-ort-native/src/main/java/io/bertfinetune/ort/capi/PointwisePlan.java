package io.bertfinetune.ort.capi;

import io.bertfinetune.ort.capi.OneDnnPieces.Join;
import io.bertfinetune.ort.graph.DataType;
import io.bertfinetune.ort.graph.Dim;
import io.bertfinetune.ort.graph.Node;
import io.bertfinetune.ort.graph.Op;
import io.bertfinetune.ort.graph.Program;
import io.bertfinetune.ort.graph.Value;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A formula that works number by number, an optimizer's for instance, as few walks over rows of numbers: each joins two rows,
 * each times a factor. Rows have places: the inputs come first, then the outputs, then rows that only the formula sees. Single
 * numbers have places of their own.
 *
 * @param rows the names of the inputs and of the outputs that are rows, in the order of their places
 * @param inputs how many of them are inputs
 * @param between how many rows only the formula sees
 * @param numbers the single numbers
 * @param steps the walks, in order
 */
record PointwisePlan(List<String> rows, int inputs, int between, List<Number> numbers, List<Step> steps) {
    /** A row, each of its numbers times the number in a place. */
    record Operand(int row, int factor) {}

    /** A walk: two rows become one. For a root, the second's factor is what is added to it. */
    record Step(Join join, Operand a, Operand b, int result) {}

    /** A single number. */
    sealed interface Number {
        /** One that is known. */
        record Literal(float number) implements Number {}

        /** An input. */
        record Input(String name) implements Number {}

        /** One that is computed from two others; from the first alone, if the second is the same. */
        record Computed(Op op, int a, int b) implements Number {
            float of(float x, float y) {
                return switch (op) {
                    case ADD -> x + y;
                    case SUB -> x - y;
                    case MUL -> x * y;
                    case DIV -> x / y;
                    case SQRT -> (float) Math.sqrt(x);
                    default -> throw new IllegalStateException("operator " + op);
                };
            }
        }
    }

    /**
     * The plan of a program.
     *
     * @return none for a program that does something else, or so little that nothing is won
     */
    static Optional<PointwisePlan> of(Program program) {
        Reader reader = new Reader(program);
        return reader.reads() ? Optional.of(reader.plan()) : Optional.empty();
    }

    /** A value times a number, if there is one. */
    private record Factored(Value row, Optional<Value> factor) {}

    private record Draft(Join join, Factored a, Factored b, Value result) {}

    private static final class Reader {
        private final Program program;
        private final List<Number> numbers = new ArrayList<>(List.of(new Number.Literal(1)));
        private final Map<Value, Integer> numberPlaces = new HashMap<>();
        private final Map<Value, Factored> products = new HashMap<>();
        private final Map<Value, Value> roots = new HashMap<>();
        private final Map<Value, Draft> drafts = new LinkedHashMap<>();
        private final Set<Value> gone = new HashSet<>();

        Reader(Program program) {
            this.program = program;
        }

        /** Whether every node is one of those that are known, and every output comes out of a walk of its own. */
        boolean reads() {
            return program.inputs().values().stream().allMatch(Reader::isFloat)
                    && isOneLength()
                    && program.graph().nodesFor(program.outputs().values()).stream()
                            .allMatch(this::reads)
                    && drafts.size() > 1
                    && drafts.keySet().containsAll(program.outputs().values())
                    && program.outputs().values().stream().distinct().count()
                            == program.outputs().size();
        }

        private static boolean isFloat(Value value) {
            return value.type() == DataType.FLOAT && value.shape().rank() <= 1;
        }

        private boolean isOneLength() {
            List<Dim> lengths = program.inputs().values().stream()
                    .filter(Reader::isRow)
                    .map(row -> row.shape().dim(0))
                    .distinct()
                    .toList();
            return lengths.size() == 1;
        }

        private static boolean isRow(Value value) {
            return value.shape().rank() == 1;
        }

        private boolean reads(Node node) {
            Value result = node.output();
            if (node.inputs().stream().noneMatch(Reader::isRow)) {
                return readsNumber(node);
            }
            Value a = node.in(0);
            if (node.op() == Op.SQRT) {
                roots.put(result, a);
                return isWalked(a);
            }
            if (node.inputs().size() != 2) {
                return false;
            }
            Value b = node.in(1);
            if (isRow(b)) {
                return isRow(a) && walk(node.op(), result, operand(a), operand(b));
            }
            return switch (node.op()) {
                case MUL -> {
                    products.put(result, new Factored(a, Optional.of(b)));
                    yield isWalked(a);
                }
                case ADD -> {
                    Value root = roots.get(a);
                    yield root != null
                            && draft(
                                    Join.ROOT_AND_NUMBER,
                                    result,
                                    new Factored(root, Optional.empty()),
                                    new Factored(root, Optional.of(b)));
                }
                default -> false;
            };
        }

        private boolean readsNumber(Node node) {
            List<Integer> of = node.inputs().stream().map(this::number).toList();
            numberPlaces.put(node.output(), numbers.size());
            numbers.add(new Number.Computed(node.op(), of.get(0), of.get(of.size() - 1)));
            return switch (node.op()) {
                case ADD, SUB, MUL, DIV, SQRT -> isFloat(node.output());
                default -> false;
            };
        }

        private int number(Value value) {
            return numberPlaces.computeIfAbsent(value, v -> {
                numbers.add(v.isConstant() ? new Number.Literal((float) v.literal()[0]) : new Number.Input(v.name()));
                return numbers.size() - 1;
            });
        }

        /** Whether it lies somewhere: an input, or what a walk has written. */
        private boolean isWalked(Value value) {
            return isRow(value) && !value.isConstant() && !products.containsKey(value) && !roots.containsKey(value);
        }

        private Factored operand(Value value) {
            return Objects.requireNonNullElse(products.get(value), new Factored(value, Optional.empty()));
        }

        private boolean walk(Op op, Value result, Factored a, Factored b) {
            return switch (op) {
                case ADD -> draft(Join.SUM, result, a, b);
                case MUL -> draft(Join.PRODUCT, result, a, b);
                case SUB -> draft(Join.DIFFERENCE, result, a, b);
                case DIV -> draft(Join.QUOTIENT, result, a, b);
                default -> false;
            };
        }

        /**
         * What is overwritten has to come first in the walk that does it, and nowhere after: a row times a number is read by the
         * walk that needs it, perhaps later than the node says.
         */
        private boolean draft(Join join, Value result, Factored a, Factored b) {
            Optional<Value> overwritten = overwritten(result);
            boolean isSecond =
                    overwritten.equals(Optional.of(b.row())) && !b.row().equals(a.row());
            boolean turns = isSecond && (join == Join.SUM || join == Join.PRODUCT);
            boolean isThere =
                    isWalked(a.row()) && isWalked(b.row()) && !gone.contains(a.row()) && !gone.contains(b.row());
            drafts.put(result, turns ? new Draft(join, b, a, result) : new Draft(join, a, b, result));
            overwritten.ifPresent(gone::add);
            return isThere && (turns || !isSecond);
        }

        private Optional<Value> overwritten(Value result) {
            return program.outputs().entrySet().stream()
                    .filter(output -> output.getValue().equals(result))
                    .map(output -> program.overwrites().get(output.getKey()))
                    .filter(Objects::nonNull)
                    .map(program.graph().inputs()::get)
                    .findAny();
        }

        // ---- places ------------------------------------------------------------------------------------------------

        PointwisePlan plan() {
            List<String> rows = new ArrayList<>();
            Map<Value, Integer> places = new HashMap<>();
            program.inputs().forEach((name, input) -> {
                if (isRow(input)) {
                    places.put(input, rows.size());
                    rows.add(name);
                }
            });
            int inputs = rows.size();
            program.outputs().forEach((name, output) -> {
                places.put(output, rows.size());
                rows.add(name);
            });
            Map<Value, Integer> lastReads = lastReads();
            Deque<Integer> free = new ArrayDeque<>();
            int behind = rows.size();
            List<Step> steps = new ArrayList<>();
            for (Draft draft : drafts.values()) {
                if (!places.containsKey(draft.result())) {
                    places.put(draft.result(), free.isEmpty() ? behind++ : free.pop());
                }
                steps.add(new Step(
                        draft.join(),
                        placed(draft.a(), places),
                        placed(draft.b(), places),
                        place(places, draft.result())));
                int now = steps.size();
                List.of(draft.a().row(), draft.b().row()).stream()
                        .distinct()
                        .filter(row -> place(places, row) >= rows.size() && place(lastReads, row) == now)
                        .forEach(row -> free.push(place(places, row)));
            }
            return new PointwisePlan(List.copyOf(rows), inputs, behind - rows.size(), List.copyOf(numbers), steps);
        }

        /** The number of the walk that reads a row last, from 1. */
        private Map<Value, Integer> lastReads() {
            Map<Value, Integer> last = new HashMap<>();
            int walk = 0;
            for (Draft draft : drafts.values()) {
                walk++;
                last.put(draft.a().row(), walk);
                last.put(draft.b().row(), walk);
            }
            return last;
        }

        private Operand placed(Factored operand, Map<Value, Integer> places) {
            return new Operand(
                    place(places, operand.row()),
                    operand.factor().map(this::number).orElse(0));
        }

        private static int place(Map<Value, Integer> places, Value value) {
            return Objects.requireNonNull(places.get(value));
        }
    }
}
