package io.millrace.vector.ingestion;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PositionsTest {

    @Test
    void resumesWhereTheIndexThatIsLeastFarStands() {
        Positions positions = Positions.resume(List.of(
                Map.of("partition.0", "10", "partition.1", "5", "first_seen", "3"),
                Map.of("partition.0", "7", "partition.1", "9", "schema", "x")));
        assertThat(positions.next()).isEqualTo(Map.of(0, 7L, 1, 5L));
    }

    @Test
    void readsAPartitionFromItsStartWhenAnIndexHasNotSeenIt() {
        Positions positions = Positions.resume(List.of(
                Map.of("partition.0", "10", "partition.1", "5"),
                Map.of("partition.0", "12"),
                Map.of("partition.0", "11")));
        assertThat(positions.next()).isEqualTo(Map.of(0, 10L));
        assertThat(Positions.resume(List.of(Map.of("partition.0", "10"), Map.of()))
                        .next())
                .isEmpty();
        assertThat(Positions.resume(List.of()).next()).isEmpty();
    }

    @Test
    void keepsWhatWasReadAsMarks() {
        Positions positions = Positions.resume(List.of());
        positions.read(0, 4);
        positions.read(2, 1);
        positions.read(0, 5);
        assertThat(positions.marks()).isEqualTo(Map.of("partition.0", "5", "partition.2", "1"));
        assertThat(Positions.resume(List.of(positions.marks()))).isEqualTo(positions);
    }
}
