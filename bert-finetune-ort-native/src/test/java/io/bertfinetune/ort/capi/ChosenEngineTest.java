package io.bertfinetune.ort.capi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.bertfinetune.model.Device;
import io.bertfinetune.ort.engine.Engine;
import io.bertfinetune.ort.engine.EngineProvider;
import org.junit.jupiter.api.Test;

/** That tests which are run again with a build chosen do run on it. */
class ChosenEngineTest {
    @Test
    void processorIsTheChosenBuilds() {
        assumeTrue(Natives.chosen().isPresent(), "no build is chosen in this run");

        try (Engine engine = EngineProvider.all().get(0).open(Device.cpu()).orElseThrow()) {
            assertThat(engine).isInstanceOf(CApiEngine.class);
            assertThat(engine.name())
                    .contains("(" + Natives.chosen().orElseThrow().word() + ")");
        }
    }
}
