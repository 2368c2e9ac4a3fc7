package io.bertfinetune.ort.capi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Pointer;
import io.bertfinetune.error.EngineException;
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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** An operator whose work is shared among ONNX Runtime's threads. */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class PartsTest {
    private static final int COUNT = 10;

    @Test
    void everyPlaceIsWorkedOnOnceAndPartsAreWhole() {
        double[] found = run((x, y, from, to) -> {
            assertThat(from % 3).isZero();
            for (long i = from; i < to; i++) {
                y.setFloat(4 * i, x.getFloat(4 * i));
            }
        });

        assertThat(found).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    }

    @Test
    void aPartThatFailsStopsTheRunAndTheNodeIsNamed() {
        Set<Long> begun = ConcurrentHashMap.newKeySet();

        assertThatThrownBy(() -> run((x, y, from, to) -> {
                    begun.add(from);
                    if (from > 0) {
                        throw new OrtStatusException("planted in a part");
                    }
                }))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("program exponential")
                .hasMessageContaining("Exp#")
                .hasMessageContaining("planted in a part");
        assertThat(begun).contains(0L).hasSizeGreaterThan(1);
    }

    @Test
    void anErrorInAPartStopsTheRunToo() {
        assertThatThrownBy(() -> run((x, y, from, to) -> {
                    throw new StackOverflowError("planted");
                }))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("StackOverflowError: planted");
    }

    private interface Work {
        void run(Pointer x, Pointer y, long from, long to) throws Exception;
    }

    private static double[] run(Work work) {
        Value x = new Graph().input("x", DataType.FLOAT, Shape.of(COUNT));
        Program exponential = Program.of("exponential", Map.of("y", x.exp()));
        CpuLowering lowering = CpuLowering.standard();
        double[] numbers = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
        try (CApiEngine engine = CApiEngine.cpu(
                        NativeBuild.MICROSOFT,
                        Map.of(
                                Precision.FLOAT32,
                                program -> OperatorDomainTest.instead(lowering.lower(program), "Exp", "Share")),
                        3,
                        List.of(api -> new ShareDomain(api, work)));
                Executable program = engine.compile(exponential);
                DeviceTensor in = Numbers.tensor(engine, DataType.FLOAT, new long[] {COUNT}, numbers);
                DeviceTensor out = engine.allocate(DataType.FLOAT, COUNT)) {
            program.run(Map.of("x", in), Map.of("y", out));
            return Numbers.read(out);
        }
    }

    private static final class ShareDomain implements OperatorDomain {
        private final OrtApi api;
        private final Parts parts;
        private final Work work;
        private final Pointer handle;
        private final CustomOperator operator;

        ShareDomain(OrtApi api, Work work) throws OrtStatusException {
            this.api = api;
            this.parts = new Parts(api, 3);
            this.work = work;
            this.handle = api.create(OrtFunction.CREATE_CUSTOM_OP_DOMAIN, CStrings.of("test"));
            this.operator = new CustomOperator(api, new Body());
            api.call(OrtFunction.CUSTOM_OP_DOMAIN_ADD, handle, operator.handle());
        }

        private final class Body implements CustomOperator.Body {
            @Override
            public void compute(long kernel, Pointer context) throws Exception {
                KernelContext node = new KernelContext(api, context);
                KernelContext.Operand x = node.input(0);
                KernelContext.Operand y = node.output(x.dims());
                parts.share(
                        node,
                        x.count(),
                        3,
                        (from, to) -> work.run(new Pointer(x.address()), new Pointer(y.address()), from, to));
            }

            @Override
            public String name() {
                return "Share";
            }

            @Override
            public List<Integer> inputs() {
                return List.of(1);
            }

            @Override
            public boolean lastIsOptional() {
                return false;
            }

            @Override
            public List<Integer> outputs() {
                return List.of(1);
            }

            @Override
            public long create(Pointer info) {
                return 1;
            }

            @Override
            public void destroy(long kernel) {}
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
            api.release(OrtFunction.RELEASE_CUSTOM_OP_DOMAIN, handle);
            operator.close();
        }
    }
}
