package io.millrace.feature.feast;

import static io.millrace.feature.feast.GoldenCase.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.protobuf.InvalidProtocolBufferException;
import feast.proto.types.Value;
import java.time.Instant;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GoldenFeastTest {

    @ParameterizedTest
    @MethodSource("io.millrace.feature.feast.GoldenCase#all")
    void writesTheKeysThatFeastWrites(GoldenCase golden) {
        GoldenCase.Row row = golden.rows().getLast();
        if (golden.isRefused()) {
            assertThatIllegalArgumentException().isThrownBy(() -> golden.encodeKey(row));
        } else {
            assertThat(hex(golden.encodeKey(row))).isEqualTo(golden.key());
        }
    }

    @ParameterizedTest
    @MethodSource("io.millrace.feature.feast.GoldenCase#all")
    void writesAndReadsTheFieldsAndValuesThatFeastWrites(GoldenCase golden) throws InvalidProtocolBufferException {
        if (golden.isRefused()) {
            return;
        }
        GoldenCase.Row newest = golden.rows().stream()
                .max((a, b) -> a.eventTime().compareTo(b.eventTime()))
                .orElseThrow();
        for (var feature : newest.features().entrySet()) {
            String bytes = golden.hash().get(hex(RowLayout.featureField(golden.view(), feature.getKey())));
            assertThat(bytes)
                    .as(feature.getKey())
                    .isEqualTo(hex(feature.getValue().toByteArray()));
            assertThat(Value.parseFrom(HexFormat.of().parseHex(bytes))).isEqualTo(feature.getValue());
        }
        String timestamp = golden.hash().get(hex(RowLayout.timestampField(golden.view())));
        assertThat(timestamp).isEqualTo(hex(RowLayout.timestamp(newest.eventTime())));
        assertThat(RowLayout.time(HexFormat.of().parseHex(timestamp))).isEqualTo(newest.eventTime());
        assertThat(golden.hash()).hasSize(newest.features().size() + 1);
    }

    @Test
    void sortsJoinKeysByTheirBytesAndNotByUtf16() {
        Value one = Value.newBuilder().setInt64Val(1).build();
        Value two = Value.newBuilder().setInt64Val(2).build();
        String highCodePoint = "\uD83D\uDE00"; // above U+FFFD, but its UTF-16 units are below
        String lowCodePoint = "\uFFFD";

        assertThat(new EntityKeyCodec("p", highCodePoint, lowCodePoint).encode(one, two))
                .isEqualTo(new EntityKeyCodec("p", lowCodePoint, highCodePoint).encode(two, one));
        assertThat(hex(new EntityKeyCodec("p", highCodePoint, lowCodePoint).encode(one, two)))
                .startsWith("02000000" + "02000000" + "03000000" + hex(lowCodePoint));
    }

    @Test
    void writesTimesBefore1970WithNanosThatAreNotNegative() throws InvalidProtocolBufferException {
        assertThat(RowLayout.timestamp(Instant.EPOCH)).isEmpty();
        Instant before = Instant.ofEpochMilli(-1500);
        assertThat(RowLayout.time(RowLayout.timestamp(before))).isEqualTo(before);
        assertThat(hex(RowLayout.timestamp(before))).startsWith("08feffffffffffffffff01" + "10");
    }

    @Test
    void takesIdsOfAnotherTypeWhereTheyMeanTheSame() {
        Value text = Value.newBuilder().setStringVal("1001").build();
        Value number = Value.newBuilder().setInt64Val(1001).build();

        assertThat(JoinKeyType.INT64.coerce(text)).contains(number);
        assertThat(JoinKeyType.STRING.coerce(number)).contains(text);
        assertThat(JoinKeyType.INT64.coerce(Value.newBuilder().setStringVal("x").build()))
                .isEmpty();
        assertThat(JoinKeyType.INT32.coerce(
                        Value.newBuilder().setInt64Val(1L << 40).build()))
                .isEmpty();
    }
}
