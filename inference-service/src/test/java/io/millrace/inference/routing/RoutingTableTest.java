package io.millrace.inference.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoutingTableTest {

    private static final String CANARY = """
            routes:
              ranker:
                to: [{version: 3, weight: 95}, {version: 4, weight: 5}]
                shadow: [{version: 5, share: 0.1}, {model: other}]
              search: {to: [{model: help-ranker}]}
            """;

    @TempDir
    Path folder;

    @Test
    void withoutARouteTheNameIsTheModel() {
        RoutingTable table = RoutingTable.empty();

        assertThat(table.targets("ranker", "", "17850")).containsExactly(new Target("ranker", ""));
        assertThat(table.targets("ranker", "2", null)).containsExactly(new Target("ranker", "2"));
        assertThat(table.shadows("ranker", "17850")).isEmpty();
    }

    @Test
    void weightsShareTheCallersOutAndEachStaysWhereItIs() {
        RoutingTable table = RoutingYaml.parse(CANARY);
        Map<Target, Integer> counts = new HashMap<>();
        for (int customer = 0; customer < 100_000; customer++) {
            Target target = first(table, Integer.toString(customer));
            counts.merge(target, 1, Integer::sum);
            assertThat(first(table, Integer.toString(customer))).isEqualTo(target);
        }

        assertThat(counts).containsOnlyKeys(new Target("ranker", "3"), new Target("ranker", "4"));
        assertThat(counts.getOrDefault(new Target("ranker", "4"), 0) / 100_000.0)
                .isCloseTo(0.05, within(0.003));
    }

    @Test
    void aLargerCanaryKeepsTheCallersOfTheSmallerOne() {
        RoutingTable small = RoutingYaml.parse(CANARY);
        RoutingTable large = RoutingYaml.parse(CANARY.replace("95", "80").replace("weight: 5}", "weight: 20}"));

        assertThat(IntStream.range(0, 10_000)
                        .mapToObj(Integer::toString)
                        .filter(key -> first(small, key).version().equals("4")))
                .isNotEmpty()
                .allSatisfy(key -> assertThat(first(large, key).version()).isEqualTo("4"));
    }

    @Test
    void whereTheTargetCannotAnswerTheOthersFollowTheHeaviestFirst() {
        RoutingTable table = RoutingYaml.parse("""
                routes: {a: {to: [{version: 1, weight: 1}, {version: 2, weight: 5}, {version: 3, weight: 0}]}}
                """);

        assertThat(table.targets("a", "", "any"))
                .extracting(Target::version)
                .containsExactlyInAnyOrder("1", "2", "3")
                .endsWith("3");
    }

    @Test
    void anExplicitVersionWinsAndAnAliasLeadsToItsModel() {
        RoutingTable table = RoutingYaml.parse(CANARY);

        assertThat(table.targets("ranker", "9", "17850")).containsExactly(new Target("ranker", "9"));
        assertThat(table.targets("search", "", null)).containsExactly(new Target("help-ranker", ""));
        assertThat(table.targets("search", "2", null)).containsExactly(new Target("help-ranker", "2"));
        assertThat(table.main("ranker", "")).isEqualTo(new Target("ranker", "3"));
    }

    @Test
    void shadowsGetTheirShareOfAllCallers() {
        RoutingTable table = RoutingYaml.parse(CANARY);
        long some = IntStream.range(0, 10_000)
                .filter(key -> table.shadows("ranker", Integer.toString(key)).contains(new Target("ranker", "5")))
                .count();

        assertThat(some / 10_000.0).isCloseTo(0.1, within(0.01));
        assertThat(table.shadows("ranker", "1")).contains(new Target("other", ""));
    }

    @Test
    void whatIsWrongIsRefusedWithItsPlace() {
        refused("routing.yaml: there is no key route; known are [routes]", "route: {}");
        refused("routes: write a mapping", "routes: [a]");
        refused("routes.a.to: list at least one", "routes: {a: {}}");
        refused("routes.a.to[0]: there is no key wieght", "routes: {a: {to: [{wieght: 1}]}}");
        refused("routes.a.to[0].weight: write a whole number", "routes: {a: {to: [{weight: -1}]}}");
        refused("routes.a.to: give at least one target a weight", "routes: {a: {to: [{weight: 0}]}}");
        refused("routes.a.to[0].version: write a version", "routes: {a: {to: [{version: latest}]}}");
        refused("routes.a.to[0].model: write a model", "routes: {a: {to: [{model: 7}]}}");
        refused("routes.a.shadow[0].share: write a number", "routes: {a: {to: [{}], shadow: [{share: 2}]}}");
        refused("routing.yaml: ", "routes: {");
    }

    @Test
    void aChangedFileIsTakenOverAndABrokenOneChangesNothing() throws IOException {
        var file = new RoutingFile(folder);
        file.read();
        assertThat(file.table()).isEqualTo(RoutingTable.empty());

        Files.writeString(folder.resolve("routing.yaml"), CANARY);
        file.read();
        assertThat(file.table()).isEqualTo(RoutingYaml.parse(CANARY));

        Files.writeString(folder.resolve("routing.yaml"), "routes: nonsense");
        file.read();
        assertThat(file.table()).isEqualTo(RoutingYaml.parse(CANARY));

        Files.delete(folder.resolve("routing.yaml"));
        file.read();
        assertThat(file.table()).isEqualTo(RoutingTable.empty());
    }

    /** Other replicas share the callers out in the same way, and later releases too. */
    @Test
    void slotsNeverChange() {
        assertThat(List.of("", "17850", "Größe")).extracting(Slot::of).containsExactly(4342, 5500, 624);
    }

    private static Target first(RoutingTable table, String key) {
        return table.targets("ranker", "", key).getFirst();
    }

    private static void refused(String reason, String yaml) {
        assertThatThrownBy(() -> RoutingYaml.parse(yaml))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(reason);
    }
}
