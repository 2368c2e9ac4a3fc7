package io.bertfinetune.ort.training;

import io.bertfinetune.optim.Optimizer;
import io.bertfinetune.optim.ParameterInfo;
import io.bertfinetune.ort.graph.Program;
import java.util.List;

/** The programs of optimizers, for tests of what runs them. */
public final class Updates {
    private Updates() {}

    /** What an optimizer does to a row of numbers. */
    public static Program of(Optimizer optimizer, double weightDecay) {
        return UpdateRule.of(optimizer, new ParameterInfo("weight", List.of(8)), weightDecay, 1)
                .inPlace("update");
    }
}
