package io.millrace.feature.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.feature.FeatureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class DefinitionsParserTest {

    private static final String GOOD = """
            project: shop
            entities:
              - {name: customer, join_key: customer_id, value_type: STRING}
              - {name: item, value_type: INT64}
            feature_views:
              - name: activity
                entity: customer
                ttl: 30d
                features:
                  - {name: purchases_7d, function: count, types: [purchase], time_window: 7d, dtype: Int64}
                  - {name: recent, function: last_distinct, column: entities.item, n: 3, dtype: StringList}
            feature_services:
              - {name: all, features: ["activity:*"]}
            """;

    @Test
    void readsWhatTheStorefrontDefines() throws IOException {
        Definitions storefront = parse(Files.readString(Path.of("../applications/storefront/features.yaml")));

        assertThat(storefront.project()).isEqualTo("storefront");
        assertThat(storefront.view("customer_activity")).isPresent();
        assertThat(storefront.view("item_catalogue")).isPresent();
        assertThat(storefront.service("storefront_item")).isNotEmpty();
    }

    @Test
    void resolvesAStarToAllFeaturesInTheirOrder() {
        assertThat(parse(GOOD).service("all").stream().map(FeatureReference::fullName))
                .containsExactly("activity__purchases_7d", "activity__recent");
        assertThat(parse(GOOD).view("activity").orElseThrow().ttl()).isEqualTo(Duration.ofDays(30));
        assertThat(parse(GOOD).entity("item").orElseThrow().joinKey()).isEqualTo("item");
    }

    @Test
    void namesAllErrorsAtOnceByLineAndColumn() {
        List<FeatureException.Finding> findings = refused("""
                project: shop
                colour: red
                entities:
                  - {name: customer, value_type: UUID}
                feature_views:
                  - name: activity
                    entity: supplier
                    features:
                      - {name: a, function: count, time_window: 90s, dtype: Int64}
                      - {name: b, function: mean, dtype: Int64}
                      - {name: c__d, function: median, column: price, dtype: Int64}
                      - {name: e, function: last_distinct, column: value.x, n: 5000, dtype: StringList}
                      - {name: f, function: sum, column: value.x, time_window: 2y, dtype: Int64}
                """);

        assertThat(findings.stream().map(each -> each.pointer() + " " + each.code() + " " + each.line()))
                .containsExactly(
                        "/colour unknown-field 2",
                        "/entities/0/value_type invalid 4",
                        "/feature_views/0/entity invalid 7",
                        "/feature_views/0/features/0/time_window invalid 9",
                        "/feature_views/0/features/1 required 10",
                        "/feature_views/0/features/1/dtype invalid 10",
                        "/feature_views/0/features/2/name invalid 11",
                        "/feature_views/0/features/2/function invalid 11",
                        "/feature_views/0/features/2/column invalid 11",
                        "/feature_views/0/features/3/n out-of-range 12",
                        "/feature_views/0/features/4/time_window invalid 13");
        assertThat(refused(GOOD.replace("activity:*", "activity:z")).getFirst().line())
                .isEqualTo(13);
    }

    @Test
    void refusesWindowsThatAreNoWholeNumberOfTiles() {
        assertThat(refused(GOOD.replace("time_window: 7d", "time_window: 90s"))
                        .getFirst()
                        .message())
                .contains("1m long");
        assertThat(refused(GOOD.replace("time_window: 7d", "time_window: 50h"))
                        .getFirst()
                        .message())
                .contains("1440m long");
        assertThat(refused(GOOD.replace("time_window: 7d", "time_window: 2000d"))
                        .getFirst()
                        .code())
                .isEqualTo("out-of-range");
    }

    @Test
    void refusesNamesThatAreThereTwice() {
        assertThat(refused(GOOD.replace("name: recent", "name: purchases_7d"))
                        .getFirst()
                        .message())
                .contains("two features purchases_7d");
        assertThat(refused(GOOD.replace("name: item", "name: customer"))
                        .getFirst()
                        .message())
                .contains("two entities customer");
        assertThat(refused(GOOD.replace("ttl: 30d", "ttl: 30d\n    ttl: 31d"))
                        .getFirst()
                        .message())
                .contains("twice");
    }

    @Test
    void refusesNamesOfWhichTheOnlineStoreCouldNotTellOneFromTheOther() {
        // found by search: MurmurHash3 has the same 32 bits for activity:f34983 and activity:f68007
        String text = GOOD.replace("name: purchases_7d", "name: f34983").replace("name: recent", "name: f68007");

        assertThat(refused(text).getFirst().message()).contains("one field in the online store");
    }

    @Test
    void saysWhereTheTextIsNoYaml() {
        assertThat(refused("project: [a\nentities: {").getFirst().code()).isEqualTo("invalid");
        assertThat(refused("").getFirst().code()).isEqualTo("required");
        assertThat(refused("a: &x [1]\nb: *x").getFirst().line()).isEqualTo(2);
    }

    @Test
    void aChangedWindowIsAnotherStreamAndAChangedServiceIsNot() {
        Definitions good = parse(GOOD);

        assertThat(parse(GOOD.replace("name: all", "name: some")).streamHash()).isEqualTo(good.streamHash());
        assertThat(parse(GOOD.replace("ttl: 30d", "ttl: 31d")).streamHash()).isEqualTo(good.streamHash());
        assertThat(parse(GOOD.replace("7d, dtype", "8d, dtype")).streamHash()).isNotEqualTo(good.streamHash());
    }

    private static Definitions parse(String text) {
        return DefinitionsParser.parse("default", 1, text);
    }

    private static List<FeatureException.Finding> refused(String text) {
        return catchThrowableOfType(FeatureException.InvalidDefinition.class, () -> parse(text))
                .findings();
    }
}
