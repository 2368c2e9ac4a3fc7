package io.bertfinetune.ort.capi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bertfinetune.error.EngineException;
import io.bertfinetune.model.Precision;
import io.bertfinetune.ort.engine.Executable;
import io.bertfinetune.ort.graph.DataType;
import io.bertfinetune.ort.graph.Dim;
import io.bertfinetune.ort.graph.Graph;
import io.bertfinetune.ort.graph.Program;
import io.bertfinetune.ort.graph.Shape;
import io.bertfinetune.ort.graph.Value;
import io.bertfinetune.ort.lowering.Bf16Lowering;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an engine with products of bfloat16 holds, and what it does when one fails. */
class Bf16EngineTest {
    private static final Program PRODUCT = product();

    @BeforeEach
    void there() {
        Bf16.assumeThere();
    }

    @Test
    void aProductThatFailsStopsTheRunAndIsNamed() {
        try (CApiEngine engine = Bf16.engine(2)) {
            Map<String, double[]> in = Map.of("x", new double[0], "w", new double[0]);

            assertThatThrownBy(() -> Bf16.run(engine, PRODUCT, in, Map.of("rows", 4L, "inner", 0L)))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("program product")
                    .hasMessageContaining("Gemm#")
                    .hasMessageContaining("a product over no elements");
        }
    }

    /** However many sizes there were. */
    @Test
    void whatOneDnnHoldsIsBounded() {
        List<OneDnnDomain> made = new ArrayList<>();
        OperatorDomain.Maker maker = api -> {
            made.add((OneDnnDomain) OneDnnDomain.withThreads(2).make(api));
            return made.get(0);
        };
        try (CApiEngine engine = CApiEngine.cpu(
                        NativeBuild.MICROSOFT, Map.of(Precision.BFLOAT16, new Bf16Lowering()), 2, List.of(maker));
                Executable executable = engine.compile(PRODUCT, Precision.BFLOAT16)) {
            for (int rows = 1; rows <= 700; rows++) {
                Bf16.run(engine, executable, PRODUCT, numbers(rows, 3), Map.of("rows", (long) rows, "inner", 3L));
            }
            List<OneDnnLane> lanes = made.get(0).lanes().all();

            assertThat(lanes).hasSizeBetween(1, 2).allSatisfy(lane -> {
                assertThat(lane.primitives()).isBetween(1, 40);
                assertThat(lane.products().memories()).isLessThanOrEqualTo(OneDnnProducts.MEMORIES);
            });
        }
        assertThat(made.get(0).lanes().all()).isEmpty();
    }

    @Test
    void enginesSideBySideComputeWhatOneComputes() throws Exception {
        Map<String, Long> sizes = Map.of("rows", 300L, "inner", 65L);
        double[] alone = repeated(sizes).call();
        ExecutorService pool = Executors.newFixedThreadPool(3);
        try {
            List<Future<double[]>> results = pool.invokeAll(List.of(repeated(sizes), repeated(sizes), repeated(sizes)));

            for (Future<double[]> result : results) {
                assertThat(result.get()).containsExactly(alone);
            }
        } finally {
            pool.shutdown();
        }
    }

    private static Callable<double[]> repeated(Map<String, Long> sizes) {
        return () -> {
            try (CApiEngine engine = Bf16.engine(2);
                    Executable executable = engine.compile(PRODUCT, Precision.BFLOAT16)) {
                double[] last = {};
                for (int i = 0; i < 20; i++) {
                    last = Bf16.run(engine, executable, PRODUCT, numbers(300, 65), sizes)
                            .get("y");
                }
                return last;
            }
        };
    }

    @Test
    void oneProgramMayRunOnSeveralThreadsAtOnce() throws Exception {
        Map<String, Long> sizes = Map.of("rows", 100L, "inner", 33L);
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try (CApiEngine engine = Bf16.engine(2);
                Executable executable = engine.compile(PRODUCT, Precision.BFLOAT16)) {
            Callable<double[]> run = () -> Bf16.run(engine, executable, PRODUCT, numbers(100, 33), sizes)
                    .get("y");
            double[] alone = run.call();

            for (Future<double[]> result : pool.invokeAll(java.util.Collections.nCopies(40, run))) {
                assertThat(result.get()).containsExactly(alone);
            }
        } finally {
            pool.shutdown();
        }
    }

    private static Program product() {
        Graph graph = new Graph();
        Dim inner = Dim.named("inner");
        Value x = graph.input("x", DataType.FLOAT, Shape.of(Dim.named("rows"), inner));
        Value w = graph.input("w", DataType.FLOAT, Shape.of(Dim.of(5), inner));
        return Program.of("product", Map.of("y", x.gemm(w, false, true, 1)));
    }

    private static Map<String, double[]> numbers(int rows, int inner) {
        Random random = new Random(5);
        return Map.of("x", some(random, rows * inner), "w", some(random, 5 * inner));
    }

    private static double[] some(Random random, int count) {
        return random.doubles(count, -1, 1).map(number -> (float) number).toArray();
    }
}
