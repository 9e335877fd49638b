package io.millrace.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PointTest {

    @Test
    void comesBackAsItWas() throws MalformedMessageException {
        Point point = new Point(
                "storefront-items",
                "storefront-tower-3",
                "85123A",
                7,
                new float[] {0.5f, -1.25f, Float.MIN_VALUE},
                Map.of("description", "WHITE HANGING HEART", "price", 2.55, "in_stock", true, "stock", 12L));

        Point read = Point.CODEC.decode(Point.CODEC.encode(point));

        assertThat(read.vector()).containsExactly(0.5f, -1.25f, Float.MIN_VALUE);
        assertThat(read.payload()).isEqualTo(point.payload());
        assertThat(read.key("default")).isEqualTo(point.key("default"));
    }

    @Test
    void saysInItsKeyWhatATombstoneDeletes() {
        Point point = new Point("items", "tower-3", "a/b", 1, new float[] {1}, Map.of());

        assertThat(point.key("default").toString()).isEqualTo("default/items/tower-3/a/b");
        assertThat(Point.Key.parse("default/items/tower-3/a/b"))
                .isEqualTo(new Point.Key("default", "items", "tower-3", "a/b"));
        assertThatThrownBy(() -> Point.Key.parse("items/1")).isInstanceOf(IllegalArgumentException.class);
    }
}
