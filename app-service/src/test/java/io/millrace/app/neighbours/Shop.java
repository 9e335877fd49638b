package io.millrace.app.neighbours;

import static io.millrace.app.neighbours.FeatureServer.count;
import static io.millrace.app.neighbours.FeatureServer.text;
import static io.millrace.app.neighbours.FeatureServer.texts;

import io.millrace.app.features.FeatureClient;
import io.millrace.app.inference.InferenceClient;
import io.millrace.app.inference.ModelSignatures;
import io.millrace.app.pipeline.Neighbours;
import io.millrace.app.retrieval.RetrievalClient;
import io.millrace.vector.v1.PayloadValue;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * A shop of five items. The tower says (1, 0) to everyone, so retrieval finds them in the order a b c d e, with the
 * scores 5 to 1; the ranker's score is the item's sales, plus a hundredth of the retrieval's score, plus the customer's
 * purchases. {@code d} is out of stock, {@code e} has no features.
 */
public final class Shop implements AutoCloseable {

    public static final String TOWER = "tower";
    public static final String RANKER = "ranker";

    private static final String TOWER_INPUTS = """
            [{"name":"recent","datatype":"BYTES","width":3,"from":"customer.recent_items","padding":""}]""";
    private static final String RANKER_INPUTS = """
            [{"name":"x","datatype":"FP32","columns":[{"from":"customer.purchases","default":0},
              {"from":"items.sales","default":0},{"from":"candidates.score","default":0}]}]""";

    public final FeatureServer features = new FeatureServer()
            .define("customers", "customer", "purchases", "recent_items")
            .define("items", "item", "sales", "brand")
            .put("customers", "c1", Map.of("purchases", count(100), "recent_items", texts("a", "ü")))
            .put("items", "a", Map.of("sales", count(1), "brand", text("x")))
            .put("items", "b", Map.of("sales", count(2), "brand", text("x")))
            .put("items", "c", Map.of("sales", count(3)))
            .put("items", "d", Map.of("sales", count(4)))
            .put("items", "p", Map.of("sales", count(9)));

    public final VectorServer vectors = new VectorServer()
            .key("name", "keyword")
            .key("in_stock", "bool")
            .key("category", "keyword")
            .key("price", "float")
            .put("a", 5, 0, payload("Apple", true, "fruit"))
            .put("b", 4, 0, payload("Banana", true, "fruit"))
            .put("c", 3, 0, payload("Cup", true, ""))
            .put("d", 2, 0, payload("Dish", false, ""))
            .put("e", 1, 0, payload("Egg", true, ""));

    public final InferenceServer inference = new InferenceServer()
            .serve(TOWER, new InferenceServer.Model("7", TOWER_INPUTS, "tower-1", "space-7", "embedding", 2, input ->
                    new float[] {1, 0}))
            .serve(RANKER, ranker("2", "ranker-1"));

    private final TestServer featureServer = TestServer.of(features);
    private final TestServer vectorServer = TestServer.of(vectors);
    private final TestServer inferenceServer = TestServer.of(inference);

    /** The ranker, whose columns are those of this version. */
    public static InferenceServer.Model ranker(String version, String signature) {
        return new InferenceServer.Model(version, RANKER_INPUTS, signature, "", "score", 1, Shop::rank);
    }

    private static float[] rank(ByteBuffer rows) {
        float[] scores = new float[rows.remaining() / (3 * Float.BYTES)];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = rows.getFloat() + rows.getFloat() + rows.getFloat() / 100;
        }
        return scores;
    }

    private static Map<String, PayloadValue> payload(String name, boolean inStock, String category) {
        Map<String, PayloadValue> payload = new HashMap<>();
        payload.put("name", VectorServer.of(name));
        payload.put("in_stock", VectorServer.of(inStock));
        if (!category.isEmpty()) {
            payload.put("category", VectorServer.of(category));
        }
        return payload;
    }

    /** Clients of these servers. */
    public Neighbours neighbours() {
        InferenceClient client = new InferenceClient(inferenceServer.channel());
        return new Neighbours(
                new FeatureClient(featureServer.channel()),
                new RetrievalClient(vectorServer.channel()),
                client,
                new ModelSignatures(client));
    }

    public TestServer featureServer() {
        return featureServer;
    }

    public TestServer vectorServer() {
        return vectorServer;
    }

    public TestServer inferenceServer() {
        return inferenceServer;
    }

    /** A pipeline over this shop. */
    public static final String DEFINITION = """
            application: shop
            deadline: 20s
            request:
              entities: {customer: string}
              context: {page: "string?", only: "string?"}
              limit: {default: 3, max: 10}
              exclude: {type: "string[]", max: 5}
            sources:
              popular: {file: popular.json}
            steps:
              - id: customer
                features: {service: customers, entity: $.entities.customer}
                on_missing: defaults
              - id: query
                infer: {model: tower, inputs: {recent: $customer.recent_items}}
              - id: candidates
                retrieve:
                  collection: items
                  vector: $query.embedding
                  limit: 4
                  filter: {must: [{key: in_stock, match: true}], must_not: [{ids: $.exclude}]}
                  with_payload: [name]
                on_failure: {use: popular}
              - id: items
                features: {service: items, join_key: item, entities: "$candidates[*].id"}
                on_missing: drop
              - id: rank
                infer: {model: ranker, rows: $items, inputs: {x: [$customer, $items, $candidates.score]}}
                on_failure: {score: [$items.sales, $candidates.score]}
              - id: answer
                post: [{top: $.limit}]
            """;

    @Override
    public void close() {
        featureServer.close();
        vectorServer.close();
        inferenceServer.close();
    }
}
