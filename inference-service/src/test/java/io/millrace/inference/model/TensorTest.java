package io.millrace.inference.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.inference.model.InferenceException.InvalidRequest;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TensorTest {

    @ParameterizedTest
    @CsvSource({
        "FP32,  0000803f 000000c0",
        "FP64,  000000000000f03f 00000000000000c0",
        "INT64, 0100000000000000 feffffffffffffff",
        "INT32, 01000000 feffffff"
    })
    void numbersAreLittleEndian(Datatype datatype, String hex) {
        assertThat(hex(RawValues.encode(datatype, List.of(1, -2)))).isEqualTo(hex.replace(" ", ""));
    }

    @Test
    void booleansAreOneByteAndTextHasItsLengthInFront() {
        assertThat(hex(RawValues.encode(Datatype.BOOL, List.of(true, false)))).isEqualTo("0100");
        assertThat(hex(RawValues.encode(Datatype.BYTES, List.of("", "ü")))).isEqualTo("00000000" + "02000000c3bc");
    }

    @ParameterizedTest
    @CsvSource({
        "INT32, 2147483648",
        "INT32, 1.5",
        "INT64, 9223372036854775808",
        "INT64, true",
        "FP32, '\"1\"'",
        "BYTES, 1",
        "BOOL, 1"
    })
    void aValueOfAnotherTypeIsNamed(Datatype datatype, String value) {
        Object parsed =
                value.startsWith("\"") ? value.replace("\"", "") : value.equals("true") ? true : new BigDecimal(value);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RawValues.encode(datatype, List.of(parsed)))
                .withMessage(value + " is not a value of " + datatype);
    }

    @Test
    void valuesComeBackAsTheyWent() {
        List<Object> texts = List.of("85123A", "", "Größe ☃", "🎁");
        var tensor = new Tensor("t", Datatype.BYTES, Shape.of(4), RawValues.encode(Datatype.BYTES, texts));

        assertThat(RawValues.decode(tensor)).isEqualTo(texts);
    }

    @ParameterizedTest
    @CsvSource({
        "FP32,  2, 3, 20, 'needs 6 elements of 4 bytes, got 20 bytes'",
        "FP32, -1, 3, 12, 'has a negative dimension'",
        "FP32,  4611686018427387904, 4, 0, 'is too large'",
        "FP32,  4611686018427387904, 1, 0, 'needs 4611686018427387904 elements'",
        "BYTES, 2, 1, 4,  'needs 2 BYTES elements, got 1'",
        "BYTES, 1, 1, 3,  'elements are damaged'"
    })
    void aShapeThatIsNotThatOfTheBytesIsRefused(Datatype datatype, long rows, long width, int bytes, String reason) {
        assertThatThrownBy(() -> new Tensor("x", datatype, Shape.of(rows, width), ByteBuffer.allocate(bytes)))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageStartingWith("\"x\"")
                .hasMessageContaining(reason);
    }

    @Test
    void aLengthBeyondTheEndIsRefused() {
        byte[] bytes = HexFormat.of().parseHex("ffffff7f00");

        assertThatThrownBy(() -> new Tensor("x", Datatype.BYTES, Shape.of(1), ByteBuffer.wrap(bytes)))
                .hasMessageContaining("damaged");
    }

    @Test
    void readersDoNotDisturbEachOther() {
        var tensor = new Tensor("x", Datatype.INT32, Shape.of(1), RawValues.encode(Datatype.INT32, List.of(7)));

        assertThat(tensor.data().getInt()).isEqualTo(7);
        assertThat(tensor.data().getInt()).isEqualTo(7);
    }

    @Test
    void anEmptyTensorIsNoError() {
        assertThatCode(() -> new Tensor("x", Datatype.FP32, Shape.of(0, 3), ByteBuffer.allocate(0)))
                .doesNotThrowAnyException();
    }

    private static String hex(ByteBuffer data) {
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
