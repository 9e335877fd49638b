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
import java.math.BigInteger;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
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
                        Datatype.UINT8,
                        List.of(1, 254),
                        contents().addUintContents(1).addUintContents(254),
                        "01 fe"),
                Arguments.of(
                        Datatype.UINT16,
                        List.of(1, 65534),
                        contents().addUintContents(1).addUintContents(65534),
                        "0100 feff"),
                Arguments.of(
                        Datatype.UINT32,
                        List.of(1L, 4294967294L),
                        contents().addUintContents(1).addUintContents(-2),
                        "01000000 feffffff"),
                Arguments.of(
                        Datatype.UINT64,
                        List.of(1L, new BigInteger("18446744073709551614")),
                        contents().addUint64Contents(1).addUint64Contents(-2),
                        "0100000000000000 feffffffffffffff"),
                Arguments.of(
                        Datatype.INT8,
                        List.of(1, -2),
                        contents().addIntContents(1).addIntContents(-2),
                        "01 fe"),
                Arguments.of(
                        Datatype.INT16,
                        List.of(1, -2),
                        contents().addIntContents(1).addIntContents(-2),
                        "0100 feff"),
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

    @ParameterizedTest
    @CsvSource({"FP16, 003e 00c0", "BF16, c03f 00c0"})
    void halvesAreRawAndAnsweredRawWhateverTheCallerPrefers(Datatype datatype, String hex) {
        ModelInferRequest raw = ModelInferRequest.newBuilder()
                .addInputs(input(datatype, 2))
                .addRawInputContents(bytes(hex))
                .build();
        Tensor tensor = GrpcTensorCodec.decode(raw).getFirst();
        ModelInferResponse.Builder response = ModelInferResponse.newBuilder();
        GrpcTensorCodec.encode(List.of(tensor), false, response);

        assertThat(RawValues.decode(tensor)).containsExactly(1.5f, -2f);
        assertThat(RawValues.encode(datatype, List.of(1.5, -2))).isEqualTo(tensor.data());
        assertThat(response.getRawOutputContents(0)).isEqualTo(bytes(hex));
    }

    @ParameterizedTest
    @CsvSource({"INT8, 128", "INT8, -129", "INT16, 32768"})
    void typedIntegersThatDoNotFitAreRefused(Datatype datatype, int value) {
        refused(
                "%d is not a value of %s".formatted(value, datatype),
                ModelInferRequest.newBuilder()
                        .addInputs(input(datatype, 1).toBuilder()
                                .setContents(contents().addIntContents(value))));
    }

    @ParameterizedTest
    @CsvSource({"UINT8, 256", "UINT16, 65536"})
    void typedUnsignedIntegersThatDoNotFitAreRefused(Datatype datatype, int value) {
        refused(
                "%d is not a value of %s".formatted(value, datatype),
                ModelInferRequest.newBuilder()
                        .addInputs(input(datatype, 1).toBuilder()
                                .setContents(contents().addUintContents(value))));
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
                "the protocol has no contents for FP16",
                ModelInferRequest.newBuilder().addInputs(x.toBuilder().setDatatype("FP16")));
        refused(
                "datatype \"FP8\"; served are",
                ModelInferRequest.newBuilder().addInputs(x.toBuilder().setDatatype("FP8")));
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
