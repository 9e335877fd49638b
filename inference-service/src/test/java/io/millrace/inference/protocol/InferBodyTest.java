package io.millrace.inference.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import inference.InferTensorContents;
import inference.ModelInferRequest;
import io.millrace.inference.model.Datatype;
import io.millrace.inference.model.InferenceException.InvalidRequest;
import io.millrace.inference.model.RawValues;
import io.millrace.inference.model.Tensor;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class InferBodyTest {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final int MAX_JSON = 10_000;

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "BOOL; true, false; 01 00",
                "UINT8; 1, 254; 01 fe",
                "UINT16; 1, 65534; 0100 feff",
                "UINT32; 1, 4294967294; 01000000 feffffff",
                "UINT64; 1, 18446744073709551614; 0100000000000000 feffffffffffffff",
                "INT8; 1, -2; 01 fe",
                "INT16; 1, -2; 0100 feff",
                "INT32; 1, -2; 01000000 feffffff",
                "INT64; 1, -2; 0100000000000000 feffffffffffffff",
                "FP32; 1.5, -2; 0000c03f 000000c0",
                "FP64; 1.5, -2; 000000000000f83f 00000000000000c0",
                "BYTES; \"\", \"Größe\"; 00000000 07000000 4772c3b6c39f65"
            })
    void jsonAndBinaryTensorsMeanTheSame(String datatype, String json, String hex) {
        byte[] raw = HexFormat.of().parseHex(hex.replace(" ", ""));
        String flat = "{\"inputs\": [{\"name\": \"x\", \"shape\": [2], \"datatype\": \"%s\", \"data\": [%s]}]}"
                .formatted(datatype, json);
        String nested = flat.replace("[2]", "[2, 1]").replace("[" + json, "[[" + json.replace(", ", "], [") + "]");
        String header = """
                {"inputs": [{"name": "x", "shape": [2], "datatype": "%s", "parameters": {"binary_data_size": %d}}]}""".formatted(datatype, raw.length);

        assertThat(only(flat).data()).isEqualTo(ByteBuffer.wrap(raw));
        assertThat(only(nested).data()).isEqualTo(ByteBuffer.wrap(raw));
        assertThat(only(header, raw)).isEqualTo(only(flat));
        assertThat(RawValues.encode(only(flat).datatype(), RawValues.decode(only(flat))))
                .isEqualTo(ByteBuffer.wrap(raw));
    }

    @Test
    void theTensorsBehindTheJsonStandInTheOrderOfTheInputs() {
        List<Tensor> tensors = parse("""
                {"inputs": [
                  {"name": "a", "shape": [1], "datatype": "INT16", "parameters": {"binary_data_size": 2}},
                  {"name": "b", "shape": [1], "datatype": "INT64", "data": [7]},
                  {"name": "c", "shape": [2], "datatype": "FP16", "parameters": {"binary_data_size": 4}}]}""", bytes("0200 003e 00c0"));

        assertThat(tensors).extracting(RawValues::decode).containsExactly(List.of(2), List.of(7L), List.of(1.5f, -2f));
    }

    @Test
    void aBodyThatContradictsItselfIsRefused() {
        String half = """
                {"inputs": [{"name": "x", "shape": [1], "datatype": "FP16", "parameters": {"binary_data_size": 2}}]}""";
        refused("2 is more than the 1 bytes that are left", half, "00");
        refused("the last 1 bytes belong to no input", half, "003e00");
        refused("needs 2 elements of 2 bytes, got 2 bytes", half.replace("[1]", "[2]"), "003e");
        refused("shape [4294967296, 4294967296] is too large", half.replace("[1]", "[4294967296, 4294967296]"), "003e");
        refused("has a negative dimension", half.replace("[1]", "[-1]"), "003e");
        refused("from 0 to 2147483647; got 2147483648", half.replace(": 2}", ": 2147483648}"), "003e");
        refused("from 0 to 2147483647; got -1", half.replace(": 2}", ": -1}"), "003e");
        refused("data beside binary_data_size", half.replace("\"shape\"", "\"data\": [1], \"shape\""), "003e");
        refused(
                "FP16 has no form in JSON",
                half.replace("\"parameters\": {\"binary_data_size\": 2}", "\"data\": [1]"),
                "");
        refused("an entry of inputs is null", "{\"inputs\": [null]}", "");
        refused("has no size in an entry of shape", half.replace("[1]", "[null]"), "003e");
        refused("the body is null", "null", "");
        refused("Unexpected end-of-input", "{", "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "1x", "", "3", "99999999999"})
    void aJsonLengthThatCannotBeIsRefused(String length) {
        assertThatThrownBy(() -> InferBody.parse(new byte[] {'{', '}'}, length, MAX_JSON, MAPPER))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining("of the body's 2 bytes");
    }

    @Test
    void moreJsonThanTheLimitIsRefusedBeforeItIsRead() {
        assertThatThrownBy(() -> InferBody.parse(new byte[MAX_JSON + 1], null, MAX_JSON, MAPPER))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining("10001 bytes of JSON are more than the 10000");
    }

    @ParameterizedTest
    @CsvSource({
        "UINT8, 256",
        "UINT8, -1",
        "INT8, 128",
        "UINT16, 65536",
        "UINT32, 4294967296",
        "UINT64, 18446744073709551616",
        "UINT64, -1",
        "INT64, 9223372036854775808",
        "INT32, 1.5",
        "INT64, 1e19",
        "FP32, 1e39",
        "FP64, true",
        "BOOL, 1"
    })
    void aValueThatTheDatatypeDoesNotHoldIsRefused(String datatype, String value) {
        refused(
                "is not a value of " + datatype,
                "{\"inputs\": [{\"name\": \"x\", \"shape\": [1], \"datatype\": \"%s\", \"data\": [%s]}]}"
                        .formatted(datatype, value),
                "");
    }

    @Test
    void digitsWithoutEndAreRefusedAtOnce() {
        assertThatThrownBy(() -> RawValues.encode(Datatype.UINT64, List.of(new BigDecimal("1E+1000000000"))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(RawValues.encode(Datatype.UINT64, List.of(BigInteger.TEN)))
                .isEqualTo(ByteBuffer.wrap(bytes("0a00000000000000")));
    }

    @Test
    void parametersSayHowTheRequestIsServed() {
        InferParameters parameters = message("""
                {"parameters": {"priority": 1, "timeout": 2500, "signature": "abc", "routing_key": "17850",
                                "binary_data_output": true, "sequence_id": 0, "own": {}}, "inputs": []}""").parameters();

        assertThat(parameters).isEqualTo(new InferParameters("abc", "17850", 1, Duration.ofNanos(2_500_000), true));
        assertThat(parameters.isBinary(null)).isTrue();
        assertThat(parameters.isBinary(Map.of("binary_data", false))).isFalse();
        refusedParameters("\"priority\" is a whole number", "\"priority\": -1");
        refusedParameters("\"priority\" is a whole number", "\"priority\": 1.5");
        refusedParameters("\"timeout\" is a whole number", "\"timeout\": \"1s\"");
        refusedParameters("\"signature\" is a string", "\"signature\": 1");
        refusedParameters("\"binary_data_output\" is true or false", "\"binary_data_output\": 1");
        refusedParameters("\"sequence_id\" is for models that keep state", "\"sequence_id\": 7");
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void tenThousandDamagedBodiesAreReadOrRefused() {
        byte[] json = """
                {"id": "7", "parameters": {"priority": 1, "timeout": 2500, "binary_data_output": true}, "inputs": [
                  {"name": "a", "shape": [2, 2], "datatype": "FP32", "data": [[1, 2.5], [-3e2, 4]]},
                  {"name": "b", "shape": [1], "datatype": "UINT64", "data": [18446744073709551615]},
                  {"name": "c", "shape": [2], "datatype": "BYTES", "parameters": {"binary_data_size": 13}}],
                 "outputs": [{"name": "y", "parameters": {"binary_data": false}}]}""".getBytes(UTF_8);
        byte[] behind = bytes("0100000061 0400000062636465");
        var mutations = new Mutations(1);
        int read = 0;
        for (int i = 0; i < 10_000; i++) {
            byte[] header = i % 3 == 0 ? json : mutations.of(json);
            byte[] damaged = join(header, i % 3 == 1 ? behind : mutations.of(behind));
            String length = i % 16 == 0 ? null : Integer.toString(i % 16 == 1 ? mutations.number(600) : header.length);
            try {
                if (InferBody.parse(damaged, length, MAX_JSON, MAPPER) instanceof InferBody.Message message) {
                    message.parameters();
                    message.outputs();
                    message.inputs();
                    read++;
                }
            } catch (InvalidRequest refused) {
                assertThat(refused).hasMessageMatching("(?s).{1,1001}");
            }
        }
        assertThat(read).isBetween(100, 9_000);
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void tenThousandDamagedMessagesAreReadOrRefused() {
        ModelInferRequest.InferInputTensor.Builder texts = ModelInferRequest.InferInputTensor.newBuilder()
                .setName("x")
                .setDatatype("BYTES")
                .addShape(2);
        byte[] raw = ModelInferRequest.newBuilder()
                .setModelName("m")
                .addInputs(texts)
                .addRawInputContents(ByteString.copyFrom(bytes("0100000061 0400000062636465")))
                .build()
                .toByteArray();
        byte[] typed = ModelInferRequest.newBuilder()
                .setModelName("m")
                .addInputs(texts.setDatatype("INT8")
                        .setContents(InferTensorContents.newBuilder()
                                .addIntContents(1)
                                .addIntContents(-2)
                                .addFp32Contents(1)
                                .addUint64Contents(7)))
                .build()
                .toByteArray();
        var mutations = new Mutations(2);
        int read = 0;
        for (int i = 0; i < 10_000; i++) {
            try {
                ModelInferRequest request = ModelInferRequest.parseFrom(mutations.of(i % 2 == 0 ? raw : typed));
                InferParameters.ofMessage(request.getParametersMap());
                GrpcTensorCodec.decode(request);
                read++;
            } catch (InvalidProtocolBufferException | InvalidRequest _) {
                // refused, as it should be
            }
        }
        assertThat(read).isBetween(100, 9_000);
    }

    private static void refusedParameters(String reason, String parameters) {
        assertThatThrownBy(() ->
                        message("{\"parameters\": {%s}}".formatted(parameters)).parameters())
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining(reason);
    }

    private static void refused(String reason, String json, String hex) {
        assertThatThrownBy(() -> parse(json, bytes(hex)))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining(reason);
    }

    private static Tensor only(String json, byte... behind) {
        return parse(json, behind).getFirst();
    }

    private static List<Tensor> parse(String json, byte... behind) {
        return message(json, behind).inputs();
    }

    private static InferBody.Message message(String json, byte... behind) {
        byte[] header = json.getBytes(UTF_8);
        @Nullable String length = behind.length == 0 ? null : Integer.toString(header.length);
        return (InferBody.Message) InferBody.parse(join(header, behind), length, MAX_JSON, MAPPER);
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    private static byte[] join(byte[] one, byte[] other) {
        var all = new ByteArrayOutputStream();
        all.writeBytes(one);
        all.writeBytes(other);
        return all.toByteArray();
    }
}
