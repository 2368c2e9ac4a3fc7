package io.bertfinetune.ort.capi;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Callback;
import com.sun.jna.CallbackReference;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import io.bertfinetune.model.Precision;
import io.bertfinetune.ort.engine.DeviceTensor;
import io.bertfinetune.ort.engine.Executable;
import io.bertfinetune.ort.engine.Numbers;
import io.bertfinetune.ort.graph.DataType;
import io.bertfinetune.ort.graph.Graph;
import io.bertfinetune.ort.graph.Program;
import io.bertfinetune.ort.graph.Shape;
import io.bertfinetune.ort.graph.Value;
import io.bertfinetune.ort.lowering.CpuLowering;
import io.bertfinetune.ort.onnx.OnnxGraph;
import io.bertfinetune.ort.onnx.OnnxModel;
import io.bertfinetune.ort.onnx.OnnxNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An operator written in Java, {@code test.Negate} over three floats, in a program's model. */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class OperatorDomainTest {
    @ParameterizedTest
    @EnumSource(names = {"MICROSOFT", "BYTEDECO"})
    void operatorsOfOurOwnRun(NativeBuild build) {
        List<NegateDomain> made = new ArrayList<>();
        OperatorDomain.Maker maker = api -> {
            made.add(new NegateDomain(api));
            return made.get(0);
        };
        Value x = new Graph().input("x", DataType.FLOAT, Shape.of(3));
        Program exponential = Program.of("exponential", Map.of("y", x.exp()));
        CpuLowering lowering = CpuLowering.standard();
        try (CApiEngine engine = CApiEngine.cpu(
                        build,
                        Map.of(Precision.FLOAT32, program -> withNegate(lowering.lower(program))),
                        1,
                        List.of(maker));
                Executable program = engine.compile(exponential);
                DeviceTensor in = Numbers.tensor(engine, DataType.FLOAT, new long[] {3}, 1, -2, 3);
                DeviceTensor out = engine.allocate(DataType.FLOAT, 3)) {
            program.run(Map.of("x", in), Map.of("y", out));

            assertThat(Numbers.read(out)).containsExactly(-1, 2, -3);
        }
        assertThat(made.get(0).closed).isTrue();
    }

    private static OnnxModel withNegate(OnnxModel model) {
        return instead(model, "Exp", "Negate");
    }

    /** The model with an operator of domain {@code test} instead of another. */
    static OnnxModel instead(OnnxModel model, String of, String operator) {
        OnnxGraph graph = model.graph();
        List<OnnxNode> nodes = graph.nodes().stream()
                .map(node -> node.opType().equals(of)
                        ? new OnnxNode(node.name(), operator, "test", node.inputs(), node.outputs(), Map.of())
                        : node)
                .toList();
        Map<String, Integer> opsets = new TreeMap<>(model.opsets());
        opsets.put("test", 1);
        return new OnnxModel(
                new OnnxGraph(graph.name(), nodes, graph.inputs(), graph.outputs(), graph.initializers()),
                model.irVersion(),
                opsets);
    }

    /** A domain with one operator; the fields of {@code OrtCustomOp} are written one after the other. */
    private static final class NegateDomain implements OperatorDomain {
        private static final int POINTER = 8;
        private static final int FIELDS = 26;
        private static final int FLOAT = 1;

        private final OrtApi api;
        private final Pointer handle;
        private final Memory operator = new Memory((long) FIELDS * POINTER);
        private final Memory name = CStrings.of("Negate");
        private final Memory provider = CStrings.of("CPUExecutionProvider");
        private final List<Callback> callbacks = new ArrayList<>();
        private boolean closed;

        interface OfOperator extends Callback {
            Pointer call(Pointer operator);
        }

        interface NumberOfOperator extends Callback {
            long call(Pointer operator, long index);
        }

        interface Create extends Callback {
            Pointer call(Pointer operator, Pointer api, Pointer info);
        }

        interface Destroy extends Callback {
            void call(Pointer kernel);
        }

        interface Compute extends Callback {
            Pointer call(Pointer kernel, Pointer context);
        }

        NegateDomain(OrtApi api) throws OrtStatusException {
            this.api = api;
            this.handle = api.create(OrtFunction.CREATE_CUSTOM_OP_DOMAIN, CStrings.of("test"));
            operator.clear();
            operator.setInt(0, OrtApi.VERSION);
            set(1, (Create) (operator, table, info) -> new Pointer(1));
            set(2, (OfOperator) operator -> name);
            set(3, (OfOperator) operator -> provider);
            NumberOfOperator one = (operator, index) -> 1;
            NumberOfOperator none = (operator, index) -> 0;
            NumberOfOperator type = (operator, index) -> FLOAT;
            set(4, type);
            set(5, one);
            set(6, type);
            set(7, one);
            set(9, (Destroy) kernel -> {});
            set(10, none);
            set(11, none);
            set(12, none);
            set(18, (Compute) (kernel, context) -> compute(context));
            api.call(OrtFunction.CUSTOM_OP_DOMAIN_ADD, handle, operator);
        }

        private void set(int field, Callback callback) {
            callbacks.add(callback);
            operator.setPointer((long) field * POINTER, CallbackReference.getFunctionPointer(callback));
        }

        private Pointer compute(Pointer context) {
            try {
                Pointer in = data(api.create(OrtFunction.KERNEL_GET_INPUT, context, 0L));
                Pointer out = data(api.create(OrtFunction.KERNEL_GET_OUTPUT, context, 0L, new long[] {3}, 1L));
                for (int i = 0; i < 3; i++) {
                    out.setFloat(4L * i, -in.getFloat(4L * i));
                }
                return Pointer.NULL;
            } catch (OrtStatusException e) {
                throw new IllegalStateException(e);
            }
        }

        private Pointer data(Pointer value) throws OrtStatusException {
            return api.create(OrtFunction.GET_TENSOR_DATA, value);
        }

        @Override
        public String name() {
            return "test";
        }

        @Override
        public Pointer handle() {
            return handle;
        }

        @Override
        public void close() {
            closed = true;
            api.release(OrtFunction.RELEASE_CUSTOM_OP_DOMAIN, handle);
        }
    }
}
