package io.millrace.app.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.grpc.Status;
import io.millrace.app.definition.Definition;
import io.millrace.app.definition.InvalidDefinitionException;
import io.millrace.app.neighbours.FeatureServer;
import io.millrace.app.neighbours.Shop;
import io.millrace.app.pipeline.Prediction.Degradation;
import io.millrace.app.pipeline.Prediction.ModelUse;
import io.millrace.app.pipeline.Prediction.Result;
import io.millrace.app.retrieval.Candidate;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PipelineTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final List<Candidate> POPULAR = List.of(
            new Candidate("p", 2, Map.of("name", "Pear", "hidden", true)),
            new Candidate("a", 1.5, Map.of("name", "Apple")),
            new Candidate("d", 1, Map.of("name", "Dish", "in_stock", false)),
            new Candidate("b", 0.5, Map.of("name", "Banana")));

    private final Shop shop = new Shop();

    @AfterEach
    void close() {
        shop.close();
    }

    @Test
    void findsRanksAndSaysWhichModelsDidIt() throws Exception {
        Prediction prediction = predict(Shop.DEFINITION, ask("c1"));

        assertThat(prediction.degraded()).isEmpty();
        assertThat(prediction.results()).extracting(Result::id).containsExactly("c", "b", "a");
        assertThat(prediction.results().getFirst().score()).isEqualTo(103.03f);
        assertThat(prediction.results().getFirst().fields()).isEqualTo(Map.of("name", "Cup"));
        assertThat(prediction.models())
                .containsExactly(new ModelUse("query", "tower", "7"), new ModelUse("rank", "ranker", "2"));
        assertThat(prediction.stepNanos())
                .containsOnlyKeys("customer", "query", "candidates", "items", "rank", "answer");
    }

    @Test
    void callsEachNeighbourOnceForAllRows() throws Exception {
        predict(Shop.DEFINITION, ask("c1"));

        assertThat(shop.features.behaviour("items").calls()).isEqualTo(1);
        assertThat(shop.inference.requests("ranker"))
                .singleElement()
                .satisfies(request ->
                        assertThat(request.getInputs(0).getShapeList()).containsExactly(3L, 3L));
    }

    @Test
    void keepsACustomerAtOneVersionWhileTwoShareTheTraffic() throws Exception {
        shop.inference.serve("ranker", List.of(Shop.ranker("2", "ranker-1"), Shop.ranker("3", "ranker-1")));

        Map<String, Set<String>> versions = new TreeMap<>();
        for (int times = 0; times < 5; times++) {
            for (String customer : List.of("c1", "c2", "c3", "c4")) {
                versions.computeIfAbsent(customer, _ -> new HashSet<>())
                        .add(predict(Shop.DEFINITION, ask(customer))
                                .models()
                                .getLast()
                                .version());
            }
        }

        assertThat(versions.values()).allSatisfy(each -> assertThat(each).hasSize(1));
        assertThat(versions.values()).contains(Set.of("2"), Set.of("3"));
    }

    @Test
    void routesByTheFirstEntityUnlessTheStepSaysOtherwise() throws Exception {
        predict(
                Shop.DEFINITION.replace(
                        "infer: {model: ranker,", "infer: {model: ranker, routing_key: $.context.page,"),
                new PredictionRequest(Map.of("customer", "c1"), Map.of("page", "home"), 3, List.of()));

        assertThat(shop.inference.requests("tower"))
                .singleElement()
                .satisfies(request -> assertThat(
                                request.getParametersOrThrow("routing_key").getStringParam())
                        .isEqualTo("c1"));
        assertThat(shop.inference.requests("ranker"))
                .singleElement()
                .satisfies(request -> assertThat(
                                request.getParametersOrThrow("routing_key").getStringParam())
                        .isEqualTo("home"));
    }

    @Test
    void leavesOutARoutingKeyThatTheRequestDoesNotHave() throws Exception {
        predict(
                Shop.DEFINITION.replace(
                        "infer: {model: ranker,", "infer: {model: ranker, routing_key: $.context.page,"),
                ask("c1"));

        assertThat(shop.inference.requests("ranker"))
                .singleElement()
                .satisfies(request -> assertThat(request.getParametersMap()).doesNotContainKey("routing_key"));
    }

    @Test
    void searchesTheSpaceOfTheQuerysModelAndLeavesOutWhatTheRequestExcludes() throws Exception {
        Prediction prediction = predict(
                Shop.DEFINITION, new PredictionRequest(Map.of("customer", "c1"), Map.of(), 2, List.of("c", "zzz")));

        assertThat(prediction.results()).extracting(Result::id).containsExactly("b", "a");
        assertThat(shop.vectors.queries()).singleElement().satisfies(query -> {
            assertThat(query.getEmbeddingSpace()).isEqualTo("space-7");
            assertThat(query.getLimit()).isEqualTo(4);
            assertThat(query.getWithPayloadList()).containsExactly("name");
        });
    }

    @Test
    void answersAnUnknownCustomerWithDefaultsAndDoesNotCallThatDegraded() throws Exception {
        Prediction prediction = predict(Shop.DEFINITION, ask("nobody"));

        assertThat(prediction.degraded()).isEmpty();
        assertThat(prediction.results().getFirst()).isEqualTo(new Result("c", 3.03f, Map.of("name", "Cup")));
    }

    @Test
    void goesOnWithoutFeatures() throws Exception {
        shop.featureServer().goAway();

        Prediction prediction = predict(Shop.DEFINITION, ask("c1"));

        assertThat(prediction.results()).extracting(Result::id).containsExactly("a", "b", "c");
        assertThat(prediction.degraded())
                .containsExactly(
                        new Degradation("customer", Cause.UNAVAILABLE, "defaults"),
                        new Degradation("items", Cause.UNAVAILABLE, null),
                        new Degradation("rank", Cause.DEPENDENCY, "candidates.score"));
    }

    @Test
    void saysSoWhenTheStoreKnowsLessThanHalfOfWhatWasFound() throws Exception {
        shop.features
                .define("items", "item", "sales", "brand")
                .put("items", "a", Map.of("sales", FeatureServer.number(1)));

        Prediction prediction = predict(Shop.DEFINITION, ask("c1"));

        assertThat(prediction.results()).extracting(Result::id).containsExactly("a", "b", "c");
        assertThat(prediction.degraded())
                .containsExactly(
                        new Degradation("items", Cause.MISSING, null),
                        new Degradation("rank", Cause.DEPENDENCY, "candidates.score"));
    }

    @Test
    void passesOverAFallbackThatIsNoNumber() throws Exception {
        shop.inference.behaviour("ranker").failWith(Status.INTERNAL);

        Prediction prediction = predict(Shop.DEFINITION.replace("[$items.sales, ", "[$items.brand, "), ask("c1"));

        assertThat(prediction.degraded()).containsExactly(new Degradation("rank", Cause.ERROR, "candidates.score"));
    }

    @Test
    void ranksThePopularItemsWhenTheTowerIsTooSlow() throws Exception {
        shop.inference.behaviour("tower").neverAnswer();

        Prediction prediction = predict(withTimeout("query", "100ms"), ask("c1"));

        assertThat(prediction.degraded())
                .containsExactly(
                        new Degradation("query", Cause.TIMEOUT, null),
                        new Degradation("candidates", Cause.DEPENDENCY, "popular"));
        assertThat(prediction.results())
                .containsExactly(
                        new Result("p", 109.02f, Map.of("name", "Pear")),
                        new Result("b", 102.005f, Map.of("name", "Banana")),
                        new Result("a", 101.015f, Map.of("name", "Apple")));
        assertThat(prediction.models()).containsExactly(new ModelUse("rank", "ranker", "2"));
    }

    @Test
    void holdsTheFilterOverThePopularItemsToo() throws Exception {
        shop.vectors.behaviour().failWith(Status.INTERNAL);

        Prediction prediction =
                predict(Shop.DEFINITION, new PredictionRequest(Map.of("customer", "c1"), Map.of(), 10, List.of("p")));

        assertThat(prediction.degraded()).containsExactly(new Degradation("candidates", Cause.ERROR, "popular"));
        assertThat(prediction.results()).extracting(Result::id).containsExactly("b", "a");
    }

    @Test
    void scoresByAFeatureWhenTheRankerFails() throws Exception {
        shop.inference.behaviour("ranker").failWith(Status.RESOURCE_EXHAUSTED);

        Prediction prediction = predict(Shop.DEFINITION, ask("c1"));

        assertThat(prediction.degraded()).containsExactly(new Degradation("rank", Cause.UNAVAILABLE, "items.sales"));
        assertThat(prediction.results())
                .extracting(Result::id, Result::score)
                .containsExactly(tuple("c", 3.0), tuple("b", 2.0), tuple("a", 1.0));
        assertThat(prediction.models()).containsExactly(new ModelUse("query", "tower", "7"));
    }

    @Test
    void treatsAScoreThatIsNoNumberAsAFailureOfTheRanker() throws Exception {
        var ranker = Shop.ranker("2", "ranker-1");
        shop.inference.serve(
                "ranker",
                new io.millrace.app.neighbours.InferenceServer.Model(
                        "2", ranker.inputs(), "ranker-1", "", "score", 1, input -> new float[] {1, Float.NaN, 2}));

        assertThat(predict(Shop.DEFINITION, ask("c1")).degraded())
                .containsExactly(new Degradation("rank", Cause.ERROR, "items.sales"));
    }

    @Test
    void goesOnWithoutInference() throws Exception {
        shop.inferenceServer().goAway();

        Prediction prediction = predict(Shop.DEFINITION, ask("c1"));

        assertThat(prediction.degraded())
                .containsExactly(
                        new Degradation("query", Cause.UNAVAILABLE, null),
                        new Degradation("candidates", Cause.DEPENDENCY, "popular"),
                        new Degradation("rank", Cause.UNAVAILABLE, "items.sales"));
        assertThat(prediction.results()).extracting(Result::id).containsExactly("p", "b", "a");
        assertThat(prediction.models()).isEmpty();
    }

    @Test
    void doesNotNameAStepThatDidNotMatterToTheAnswer() throws Exception {
        shop.features.behaviour("customers").failWith(Status.UNAVAILABLE);
        shop.inferenceServer().goAway();

        assertThat(predict(Shop.DEFINITION, ask("c1")).degraded())
                .extracting(Degradation::step)
                .containsExactly("query", "candidates", "rank");
    }

    @Test
    void namesTheStepThatFailedWhereNothingStandsIn() throws Exception {
        shop.vectors.behaviour().failWith(Status.INTERNAL.withDescription("the index is gone"));
        Pipeline pipeline = pipeline(Shop.DEFINITION.replace("    on_failure: {use: popular}\n", ""));

        assertThatThrownBy(() -> pipeline.predict(ask("c1"), LONG))
                .asInstanceOf(type(PredictionFailedException.class))
                .satisfies(failed -> {
                    assertThat(failed.step()).isEqualTo("candidates");
                    assertThat(failed.reason()).isEqualTo(Cause.ERROR);
                    assertThat(failed).hasMessageContaining("the index is gone");
                });
    }

    @Test
    void givesUpAtTheDeadline() throws Exception {
        shop.vectors.behaviour().neverAnswer();
        Pipeline pipeline = pipeline(Shop.DEFINITION.replace("    on_failure: {use: popular}\n", ""));

        assertThatThrownBy(() -> pipeline.predict(ask("c1"), Duration.ofMillis(500)))
                .asInstanceOf(type(PredictionFailedException.class))
                .satisfies(failed -> {
                    assertThat(failed.step()).isEqualTo("candidates");
                    assertThat(failed.reason()).isEqualTo(Cause.DEADLINE);
                });
    }

    @Test
    void answersWithWhatStandsInWhenTheDeadlinePasses() throws Exception {
        shop.vectors.behaviour().neverAnswer();
        Pipeline pipeline = pipeline(Shop.DEFINITION);

        Prediction prediction = pipeline.predict(ask("c1"), Duration.ofMillis(500));

        assertThat(prediction.degraded())
                .containsExactly(
                        new Degradation("candidates", Cause.DEADLINE, "popular"),
                        new Degradation("items", Cause.DEADLINE, null),
                        new Degradation("rank", Cause.DEPENDENCY, "candidates.score"));
        assertThat(prediction.results()).extracting(Result::id).containsExactly("p", "a", "b");
    }

    @Test
    void readsTheSignatureAgainWhenAVersionWithOtherInputsServes() throws Exception {
        Pipeline pipeline = pipeline(Shop.DEFINITION);
        pipeline.predict(ask("c1"), LONG);
        shop.inference.serve("ranker", Shop.ranker("3", "ranker-2"));

        Prediction prediction = pipeline.predict(ask("c1"), LONG);

        assertThat(prediction.degraded()).isEmpty();
        assertThat(prediction.models()).contains(new ModelUse("rank", "ranker", "3"));
        assertThat(shop.inference.requests("ranker")).hasSize(3);
    }

    @Test
    void runsIndependentStepsAtTheSameTime() throws Exception {
        shop.features.answerTogether(2);
        String twoReads = """
                application: shop
                deadline: 20s
                request:
                  entities: {customer: string}
                steps:
                  - id: one
                    features: {service: customers, entity: $.entities.customer}
                  - id: customer
                    features: {service: customers, entity: $.entities.customer}
                  - id: query
                    infer: {model: tower, inputs: {recent: [$customer, $one]}}
                  - id: candidates
                    retrieve: {collection: items, vector: $query.embedding, limit: 4}
                  - id: answer
                    post: [{top: 2}]
                """;

        Prediction prediction = predict(twoReads, ask("c1"));

        assertThat(prediction.degraded()).isEmpty();
        assertThat(prediction.results()).extracting(Result::id).containsExactly("a", "b");
        assertThat(prediction.results().getFirst().fields()).containsKeys("name", "in_stock", "category");
    }

    @Test
    void putsMoreThanSoManyOfAKindBehindTheOthersAndNeverCountsThoseOfNoKind() throws Exception {
        String byPayload = Shop.DEFINITION.replace("[{top", "[{diversify: {by: category, max: 1}}, {top");
        String byFeature = Shop.DEFINITION.replace("[{top", "[{diversify: {by: $items.brand, max: 1}}, {top");

        assertThat(predict(byPayload, ask("c1")).results())
                .extracting(Result::id)
                .containsExactly("c", "b", "a");
        assertThat(predict(byFeature, ask("c1")).results())
                .extracting(Result::id)
                .containsExactly("c", "b", "a");
        assertThat(predict(byPayload, ask("c1")).results().getFirst().fields()).containsOnlyKeys("name");
    }

    @Test
    void answersWithNothingWhenNothingIsFoundAndDoesNotCallTheRanker() throws Exception {
        PredictionRequest request =
                new PredictionRequest(Map.of("customer", "c1"), Map.of(), 3, List.of("a", "b", "c", "e"));

        Prediction prediction = predict(Shop.DEFINITION, request);

        assertThat(prediction.results()).isEmpty();
        assertThat(prediction.degraded()).isEmpty();
        assertThat(shop.inference.requests("ranker")).isEmpty();
    }

    @Test
    void matchesAValueOfTheRequestWhereItHasOne() throws Exception {
        String only = Shop.DEFINITION.replace(
                "[{key: in_stock, match: true}]", "[{key: in_stock, match: true}, {key: name, match: $.context.only}]");

        assertThat(predict(
                                only,
                                new PredictionRequest(Map.of("customer", "c1"), Map.of("only", "Banana"), 3, List.of()))
                        .results())
                .extracting(Result::id)
                .containsExactly("b");
        assertThat(predict(only, ask("c1")).results()).hasSize(3);
    }

    private static String withTimeout(String step, String timeout) {
        return Shop.DEFINITION.replace("- id: " + step + "\n", "- id: " + step + "\n    timeout: " + timeout + "\n");
    }

    private static PredictionRequest ask(String customer) {
        return new PredictionRequest(Map.of("customer", customer), Map.of(), 3, List.of());
    }

    private Prediction predict(String definition, PredictionRequest request) throws Exception {
        return pipeline(definition).predict(request, LONG);
    }

    private Pipeline pipeline(String definition) throws InvalidDefinitionException {
        return Pipeline.of(Definition.parse(definition), Map.of("popular", POPULAR), shop.neighbours());
    }
}
