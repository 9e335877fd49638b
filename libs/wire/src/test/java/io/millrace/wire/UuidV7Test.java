package io.millrace.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;

class UuidV7Test {

    @Test
    void carriesTheMomentAndSortsByIt() {
        UUID first = UuidV7.at(1_790_000_000_000L);
        UUID later = UuidV7.at(1_790_000_000_001L);

        assertThat(first.version()).isEqualTo(7);
        assertThat(first.variant()).isEqualTo(2);
        assertThat(first.getMostSignificantBits() >>> 16).isEqualTo(1_790_000_000_000L);
        assertThat(first.toString()).isLessThan(later.toString());
    }
}
