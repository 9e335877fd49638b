package io.millrace.inference.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import inference.InferTensorContents;
import inference.ModelInferRequest;
import inference.ModelInferRequest.InferInputTensor;
import inference.ModelInferResponse;
import io.millrace.inference.model.Datatype;
import io.millrace.inference.model.InferenceException.InvalidRequest;
import io.millrace.inference.model.RawValues;
import io.millrace.inference.model.Shape;
import io.millrace.inference.model.Tensor;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GrpcTensorCodecTest {

    /** Datatype, values, typed contents, and the raw form that Triton documents for its {@code raw_input_contents}. */
    static Stream<Arguments> forms() {
        return Stream.of(
                Arguments.of(
                        Datatype.BOOL,
                        List.of(true, false),
                        contents().addBoolContents(true).addBoolContents(false),
                        "01 00"),
                Arguments.of(
                        Datatype.INT32,
                        List.of(1, -2),
                        contents().addIntContents(1).addIntContents(-2),
                        "01000000 feffffff"),
                Arguments.of(
                        Datatype.INT64,
                        List.of(1L, -2L),
                        contents().addInt64Contents(1).addInt64Contents(-2),
                        "0100000000000000 feffffffffffffff"),
                Arguments.of(
                        Datatype.FP32,
                        List.of(1.5f, -2f),
                        contents().addFp32Contents(1.5f).addFp32Contents(-2),
                        "0000c03f 000000c0"),
                Arguments.of(
                        Datatype.FP64,
                        List.of(1.5, -2.0),
                        contents().addFp64Contents(1.5).addFp64Contents(-2),
                        "000000000000f83f 00000000000000c0"),
                Arguments.of(
                        Datatype.BYTES,
                        List.of("", "Größe"),
                        contents()
                                .addBytesContents(ByteString.EMPTY)
                                .addBytesContents(ByteString.copyFromUtf8("Größe")),
                        "00000000 07000000 4772c3b6c39f65"));
    }

    @ParameterizedTest
    @MethodSource("forms")
    void rawAndTypedInputsMeanTheSame(
            Datatype datatype, List<Object> values, InferTensorContents.Builder contents, String hex) {
        InferInputTensor input = input(datatype, 2);
        ModelInferRequest raw = ModelInferRequest.newBuilder()
                .addInputs(input)
                .addRawInputContents(bytes(hex))
                .build();
        ModelInferRequest typed = ModelInferRequest.newBuilder()
                .addInputs(input.toBuilder().setContents(contents))
                .build();

        assertThat(RawValues.decode(GrpcTensorCodec.decode(raw).getFirst())).isEqualTo(values);
        assertThat(GrpcTensorCodec.decode(typed)).isEqualTo(GrpcTensorCodec.decode(raw));
    }

    @ParameterizedTest
    @MethodSource("forms")
    void outputsAreWrittenInBothForms(
            Datatype datatype, List<Object> values, InferTensorContents.Builder contents, String hex) {
        var output = new Tensor("y", datatype, Shape.of(2), RawValues.encode(datatype, values));
        ModelInferResponse.Builder raw = ModelInferResponse.newBuilder();
        ModelInferResponse.Builder typed = ModelInferResponse.newBuilder();
        GrpcTensorCodec.encode(List.of(output), true, raw);
        GrpcTensorCodec.encode(List.of(output), false, typed);

        assertThat(raw.getRawOutputContents(0)).isEqualTo(bytes(hex));
        assertThat(raw.getOutputs(0).hasContents()).isFalse();
        assertThat(typed.getOutputs(0).getContents()).isEqualTo(contents.build());
        assertThat(typed.getRawOutputContentsCount()).isZero();
        assertThat(typed.getOutputs(0).getShapeList()).containsExactly(2L);
        assertThat(typed.getOutputs(0).getDatatype()).isEqualTo(datatype.name());
    }

    @Test
    void aRequestThatContradictsItselfIsRefused() {
        InferInputTensor x = input(Datatype.FP32, 1);
        InferTensorContents one = contents().addFp32Contents(1).build();

        refused(
                "raw_input_contents has 1 entries for 2 inputs",
                ModelInferRequest.newBuilder().addInputs(x).addInputs(x).addRawInputContents(bytes("0000c03f")));
        refused(
                "contents beside raw_input_contents",
                ModelInferRequest.newBuilder()
                        .addInputs(x.toBuilder().setContents(one))
                        .addRawInputContents(bytes("0000c03f")));
        refused(
                "needs 1 elements of 4 bytes, got 3 bytes",
                ModelInferRequest.newBuilder().addInputs(x).addRawInputContents(bytes("0000c0")));
        refused(
                "needs 2 elements of 8 bytes, got 0 bytes",
                ModelInferRequest.newBuilder()
                        .addInputs(input(Datatype.FP64, 2).toBuilder().setContents(one)));
        refused(
                "datatype \"FP16\"; served are",
                ModelInferRequest.newBuilder().addInputs(x.toBuilder().setDatatype("FP16")));
    }

    private static void refused(String reason, ModelInferRequest.Builder request) {
        assertThatThrownBy(() -> GrpcTensorCodec.decode(request.build()))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageStartingWith(reason.startsWith("raw") ? "raw" : "\"x\"")
                .hasMessageContaining(reason);
    }

    private static InferInputTensor input(Datatype datatype, long size) {
        return InferInputTensor.newBuilder()
                .setName("x")
                .setDatatype(datatype.name())
                .addShape(size)
                .build();
    }

    private static InferTensorContents.Builder contents() {
        return InferTensorContents.newBuilder();
    }

    private static ByteString bytes(String hex) {
        return ByteString.copyFrom(HexFormat.of().parseHex(hex.replace(" ", "")));
    }
}
