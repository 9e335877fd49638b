package io.millrace.app.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.app.definition.Definition;
import io.millrace.app.definition.Finding;
import io.millrace.app.neighbours.InferenceServer;
import io.millrace.app.neighbours.Shop;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PipelineCheckTest {

    private final Shop shop = new Shop();

    @AfterEach
    void close() {
        shop.close();
    }

    @Test
    void findsNothingInAPipelineThatFits() throws Exception {
        assertThat(findings(Shop.DEFINITION)).isEmpty();
    }

    @Test
    void findsWhatTheFeatureServiceDoesNotHave() throws Exception {
        assertThat(findings(Shop.DEFINITION.replace("service: customers", "service: clients")))
                .containsExactly("line 12, column 25: feature-service says: there is no feature service clients");
        assertThat(findings(Shop.DEFINITION.replace("join_key: item", "join_key: product")))
                .containsExactly("line 25, column 25: feature-service says: add the ids of item");
        assertThat(findings(Shop.DEFINITION.replace("[$items.sales,", "[$items.sails,")))
                .containsExactly("line 29, column 26: $items.sails is no feature of that step; it has [brand, sales]");
    }

    @Test
    void findsWhatTheCollectionDoesNotHave() throws Exception {
        assertThat(findings(Shop.DEFINITION.replace("collection: items", "collection: things")))
                .containsExactly("line 18, column 19: vector-service says: there is no collection things");
        assertThat(findings(Shop.DEFINITION.replace("with_payload: [name]", "with_payload: [title]")))
                .containsExactly(
                        "line 22, column 22: the collection's payload has no \"title\"; it has [category, in_stock, name, price]");
        assertThat(findings(Shop.DEFINITION.replace("limit: 4", "limit: 1001")))
                .containsExactly("line 18, column 19: the collection gives at most 1000 points, 1001 are asked for");
        assertThat(findings(Shop.DEFINITION.replace("match: true", "match: $.context.only")))
                .containsExactly("line 21, column 29: \"in_stock\" is of type bool, only of the request is string");
        assertThat(findings(Shop.DEFINITION.replace("match: true", "match: 1")))
                .containsExactly("line 21, column 29: \"in_stock\" is of type bool, 1 is not");
        assertThat(findings(Shop.DEFINITION.replace("[{top", "[{diversify: {by: brand, max: 1}}, {top")))
                .singleElement()
                .asString()
                .contains("the collection's payload has no \"brand\"");
    }

    @Test
    void findsWhatTheModelsDoNotHave() throws Exception {
        assertThat(findings(Shop.DEFINITION.replace("model: ranker", "model: sorter")))
                .containsExactly("line 28, column 20: inference-service says: there is no model sorter");
        assertThat(findings(Shop.DEFINITION.replace("$query.embedding", "$query.vector")))
                .containsExactly("line 19, column 15: $query.vector is no FP32 output of tower; it has [embedding]");
        assertThat(findings(Shop.DEFINITION.replace("inputs: {x: [", "inputs: {y: [")))
                .contains("line 28, column 20: ranker has the inputs [x], these are [y]");
        assertThat(findings(Shop.DEFINITION.replace("[$customer, $items, $candidates.score]", "[$customer, $items]")))
                .containsExactly(
                        "line 28, column 20: the model's input \"x\" wants candidates.score, which is not among its inputs here");
    }

    @Test
    void findsAModelThatWantsAFeatureThatIsNotThere() throws Exception {
        var ranker = Shop.ranker("2", "ranker-1");
        shop.inference.serve(
                "ranker",
                new InferenceServer.Model(
                        "2",
                        ranker.inputs().replace("items.sales", "items.clicks"),
                        "ranker-1",
                        "",
                        "score",
                        1,
                        ranker.function()));

        assertThat(findings(Shop.DEFINITION))
                .containsExactly(
                        "line 28, column 20: the model's input \"x\" wants items.clicks, which is no feature of that step; it has [brand, sales]");
    }

    @Test
    void findsAVectorOfAnotherDimension() throws Exception {
        String inputs = "[{\"name\":\"recent\",\"datatype\":\"BYTES\",\"width\":3,\"from\":\"customer.recent_items\"}]";
        shop.inference.serve("tower", new InferenceServer.Model("8", inputs, "tower-2", "", "embedding", 3, input ->
                new float[] {1, 0, 0}));

        assertThat(findings(Shop.DEFINITION))
                .containsExactly(
                        "line 19, column 15: $query.embedding has 3 numbers, the vectors of the collection have 2");
    }

    @Test
    void namesTheNeighbourThatIsAway() {
        shop.vectorServer().goAway();

        assertThatThrownBy(() -> findings(Shop.DEFINITION))
                .isInstanceOf(NeighbourAwayException.class)
                .hasMessageStartingWith("vector-service cannot be reached");
    }

    private List<String> findings(String definition) throws Exception {
        return PipelineCheck.check(Definition.parse(definition), shop.neighbours()).stream()
                .map(Finding::toString)
                .toList();
    }
}
