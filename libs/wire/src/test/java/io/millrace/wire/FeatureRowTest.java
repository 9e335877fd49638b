package io.millrace.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
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
}
