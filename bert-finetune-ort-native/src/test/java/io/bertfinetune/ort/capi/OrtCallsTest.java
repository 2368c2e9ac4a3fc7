package io.bertfinetune.ort.capi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import io.bertfinetune.ort.engine.DeviceTensor;
import io.bertfinetune.ort.graph.DataType;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** That functions bound directly are those of the table, and answer as they do. */
class OrtCallsTest {
    private static final OrtApi API = Natives.load(NativeBuild.MICROSOFT).env().api();

    /** As the first library's are called, and as a second library's. */
    static Stream<OrtCalls> calls() {
        OrtCalls second = OrtCalls.of(API);
        assertThat(second.isDirect()).isFalse();
        return Stream.of(API.kernels(), second);
    }

    @ParameterizedTest
    @MethodSource("calls")
    void sayWhereATensorIsAndWhatShapeItHas(OrtCalls calls) throws Exception {
        try (CApiEngine engine = CApiEngine.cpu(NativeBuild.MICROSOFT);
                DeviceTensor tensor = engine.allocate(DataType.FLOAT, 5, 3);
                Memory answers = new Memory(3L * Long.BYTES)) {
            CApiTensor own = (CApiTensor) tensor;
            long value = Pointer.nativeValue(own.value());
            long at = Pointer.nativeValue(answers);

            API.require(calls.data(value, at));
            assertThat(answers.getLong(0)).isEqualTo(own.address());

            API.require(calls.typeAndShape(value, at, at + Long.BYTES, at + 2L * Long.BYTES));
            assertThat(answers.getInt(0)).isEqualTo(DataType.FLOAT.onnxCode());
            assertThat(answers.getLong(2L * Long.BYTES)).isEqualTo(2);
            assertThat(answers.getPointer(Long.BYTES).getLongArray(0, 2)).containsExactly(5, 3);
        }
    }

    @Test
    void whatAStatusSaysIsThrown() throws Exception {
        Pointer status = API.failure("no such thing");

        API.require(0);
        assertThatThrownBy(() -> API.require(Pointer.nativeValue(status)))
                .isInstanceOf(OrtStatusException.class)
                .hasMessage("no such thing");
    }
}
