package io.millrace.storefront.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.storefront.training.FeatureTable;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class TrainingSetReaderTest {

    @Test
    void readsColumnsOfNumbersAndOfLists() {
        FeatureTable table = read("""
                {"stream_time":"2026-01-01T00:00:00Z","feature_names":["count","recent"],
                 "columns":[[3,null,1.5],[["é","b"],null,[]]],"more":{"x":[1]}}""");

        assertThat(table.numbers("count")).containsExactly(3, Float.NaN, 1.5f);
        assertThat(table.texts("recent")).containsExactly(List.of("é", "b"), List.of(), List.of());
    }

    @Test
    void aListThatNobodyHasIsEmptyForAll() {
        FeatureTable table = read("{\"feature_names\":[\"recent\"],\"columns\":[[null,null]]}");

        assertThat(table.texts("recent"))
                .hasSize(2)
                .allSatisfy(list -> assertThat(list).isEmpty());
    }

    @Test
    void saysWhichFeatureIsMissing() {
        FeatureTable table = read("{\"feature_names\":[\"a\"],\"columns\":[[1]]}");

        assertThatThrownBy(() -> table.numbers("b"))
                .hasMessageContaining("no feature b")
                .hasMessageContaining("[a]");
    }

    private static FeatureTable read(String json) {
        return TrainingSetReader.read(new JsonMapper().createParser(json));
    }
}
