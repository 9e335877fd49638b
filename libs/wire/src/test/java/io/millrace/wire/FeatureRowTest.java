package io.millrace.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FeatureRowTest {

    @Test
    void comesBackAsItWas() throws MalformedMessageException {
        FeatureRow row = new FeatureRow(
                new byte[] {1, 0, 2},
                "customer_activity",
                Instant.parse("2026-11-23T10:00:00Z"),
                Map.of("n", new byte[] {0x20, 0x05}));

        FeatureRow read = FeatureRow.CODEC.decode(FeatureRow.CODEC.encode(row));

        assertThat(read.entityKey()).containsExactly(1, 0, 2);
        assertThat(read.featureView()).isEqualTo("customer_activity");
        assertThat(read.eventTime()).isEqualTo(row.eventTime());
        assertThat(read.values().get("n")).containsExactly(0x20, 0x05);
    }

    @Test
    void keepsTheViewsOfAnEntityApartUnderCompaction() {
        byte[] entity = "customer-17850".getBytes(StandardCharsets.UTF_8);

        assertThat(new FeatureRow(entity, "a", Instant.EPOCH, Map.of()).key())
                .isNotEqualTo(new FeatureRow(entity, "b", Instant.EPOCH, Map.of()).key());
    }

    @Test
    void saysOfWhichViewARecordIsAndWhoseRow() throws Exception {
        // EntityKeyCodec writes these: one join key, item, and "85123A" or 7 in the project shop.
        byte[] text = HexFormat.of()
                .parseHex("01000000" + "02000000" + "04000000" + "6974656d" + "02000000" + "06000000" + "383531323341"
                        + "73686f70");
        FeatureRow row = new FeatureRow(text, "catalogue", Instant.EPOCH, Map.of());
        assertThat(row.entityId()).isEqualTo("85123A");
        assertThat(FeatureRow.featureView(row.key())).isEqualTo("catalogue");

        byte[] number = HexFormat.of()
                .parseHex("01000000" + "02000000" + "04000000" + "6974656d" + "04000000" + "08000000"
                        + "0700000000000000" + "73686f70");
        assertThat(new FeatureRow(number, "catalogue", Instant.EPOCH, Map.of()).entityId())
                .isEqualTo("7");
        assertThatThrownBy(() -> new FeatureRow(new byte[9], "catalogue", Instant.EPOCH, Map.of()).entityId())
                .isInstanceOf(MalformedMessageException.class);
        assertThat(FeatureRow.featureView(new byte[0])).isEmpty();
    }
}
