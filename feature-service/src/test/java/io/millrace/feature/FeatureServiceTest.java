package io.millrace.feature;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import feast.proto.serving.FeatureList;
import feast.proto.serving.FieldStatus;
import feast.proto.serving.GetFeastServingInfoRequest;
import feast.proto.serving.GetOnlineFeaturesRequest;
import feast.proto.serving.GetOnlineFeaturesResponse;
import feast.proto.serving.ServingServiceGrpc;
import feast.proto.types.RepeatedValue;
import feast.proto.types.Value;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.codec.ByteArrayCodec;
import io.millrace.feature.feast.EntityKeyCodec;
import io.millrace.feature.feast.FeatureValues;
import io.millrace.testing.HostAndPort;
import io.millrace.testing.Infra;
import io.millrace.testing.Postgres;
import io.millrace.testing.Provokes;
import io.millrace.wire.CloudEventHeaders;
import io.millrace.wire.Event;
import io.millrace.wire.FeatureRow;
import io.millrace.wire.Problem;
import io.millrace.wire.ProblemType;
import io.millrace.wire.Topics;
import io.millrace.wire.UuidV7;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.resttestclient.autoconfigure.AutoConfigureRestTestClient;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;
import org.springframework.http.MediaType;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.client.RestTestClient;
import tools.jackson.databind.JsonNode;

@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.grpc.server.port=0",
            "management.server.port=0",
            "millrace.topics.partitions=3",
            "millrace.feature.offline.max-rows=100",
            "millrace.feature.offline.max-cells=150",
            "millrace.feature.online.read-timeout=5s"
        })
@AutoConfigureRestTestClient
class FeatureServiceTest {

    private static final String DEFINITIONS = """
            project: shop
            entities:
              - {name: customer, join_key: customer, value_type: STRING}
              - {name: item, join_key: item, value_type: STRING}
            feature_views:
              - name: activity
                entity: customer
                ttl: 30d
                features:
                  - {name: purchases_7d, function: count, types: [purchase], time_window: 7d, dtype: Int64}
                  - {name: spend, function: sum, column: value.price, types: [purchase], dtype: Float64}
                  - {name: mean_price, function: mean, column: value.price, types: [purchase], dtype: Float64}
                  - {name: recent, function: last_distinct, column: entities.item, n: 3, dtype: StringList}
              - name: popularity
                entity: item
                features:
                  - {name: purchases, function: count, types: [purchase], dtype: Int64}
                  - {name: description, function: last, column: value.description, types: [item], dtype: String}
            feature_services:
              - {name: customers, features: ["activity:*"]}
              - {name: items, features: ["popularity:description", "popularity:purchases"]}
            """;

    @TempDir
    private static Path folder;

    private static @Nullable KafkaProducer<byte[], byte[]> producer;
    private static @Nullable ManagedChannel channel;

    @Autowired
    private RestTestClient http;

    @DynamicPropertySource
    static void infrastructure(DynamicPropertyRegistry properties) {
        Postgres postgres = Infra.postgres();
        HostAndPort redis = Infra.redis();
        properties.add("spring.datasource.url", postgres::jdbcUrl);
        properties.add("spring.datasource.username", postgres::username);
        properties.add("spring.datasource.password", postgres::password);
        properties.add("spring.kafka.bootstrap-servers", Infra::kafkaBootstrap);
        properties.add("spring.data.redis.host", redis::host);
        properties.add("spring.data.redis.port", redis::port);
        properties.add("millrace.feature.state", folder::toString);
    }

    @BeforeAll
    static void connect(@Autowired GrpcServerLifecycle grpc) {
        channel = ManagedChannelBuilder.forAddress("127.0.0.1", grpc.getPort())
                .usePlaintext()
                .build();
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", Infra.kafkaBootstrap()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    @AfterAll
    static void disconnect() {
        Objects.requireNonNull(channel).shutdownNow();
        Objects.requireNonNull(producer).close();
    }

    @BeforeEach
    void define() {
        await().atMost(Duration.ofSeconds(30)).until(() -> put(DEFINITIONS).statusCode() == 200);
    }

    private record Answer(int statusCode, @Nullable JsonNode body) {}

    private Answer put(String definitions) {
        var result = http.put()
                .uri("/v1/feature-definitions")
                .contentType(MediaType.APPLICATION_YAML)
                .body(definitions)
                .exchange()
                .expectBody(JsonNode.class)
                .returnResult();
        return new Answer(result.getStatus().value(), result.getResponseBody());
    }

    @Test
    void anEventChangesTheCustomersFeatures() throws Exception {
        String customer = id();
        Instant now = Instant.now();
        send(purchase(customer, "a", 2.5, now.minusSeconds(20)));
        await().atMost(Duration.ofSeconds(40)).until(() -> number(customer, "activity:purchases_7d") == 1);

        send(purchase(customer, "b", 3.5, now.minusSeconds(10)));
        await().pollInterval(Duration.ofMillis(20)).until(() -> number(customer, "activity:purchases_7d") == 2);

        GetOnlineFeaturesResponse all = stub().getOnlineFeatures(GetOnlineFeaturesRequest.newBuilder()
                .setFeatureService("customers")
                .putEntities("customer", ids(customer, "nobody", customer))
                .build());
        assertThat(all.getMetadata().getFeatureNames().getValList())
                .containsExactly("customer", "purchases_7d", "spend", "mean_price", "recent");
        assertThat(column(all, 2)).containsExactly(6.0, null, 6.0);
        assertThat(column(all, 4)).containsExactly(List.of("b", "a"), null, List.of("b", "a"));
        assertThat(all.getResults(3).getStatusesList())
                .containsExactly(FieldStatus.PRESENT, FieldStatus.NOT_FOUND, FieldStatus.PRESENT);
        assertThat(all.getResults(3).getEventTimestamps(0).getSeconds())
                .isEqualTo(now.minusSeconds(10).getEpochSecond());
    }

    @Test
    void saysWhichValuesAreNullAndWhichAreTooOld() throws Exception {
        String customer = id();
        send(event(
                "view",
                Map.of("customer", customer, "item", "a"),
                Map.of(),
                Instant.now().minusSeconds(5)));
        String old = id();
        send(purchase(old, "a", 1, Instant.now().minus(Duration.ofDays(31))));
        GetOnlineFeaturesRequest request = request("activity:mean_price", customer, old);
        await().atMost(Duration.ofSeconds(40))
                .untilAsserted(() -> assertThat(
                                stub().getOnlineFeatures(request).getResults(1).getStatusesList())
                        .containsExactly(FieldStatus.NULL_VALUE, FieldStatus.OUTSIDE_MAX_AGE));
    }

    @Test
    void aTrainingSetHasWhatWasServedAtTheSameMoment() throws Exception {
        String customer = id();
        Instant start = Instant.now().minus(Duration.ofDays(20));
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            events.add(purchase(customer, "i" + i % 7, 0.1 * i, start.plus(Duration.ofHours(11L * i))));
        }
        for (Event event : events) {
            send(event);
        }
        Instant marker = Instant.now();
        send(purchase(id(), "z", 1, marker));
        Instant last = events.getLast().time();
        await().atMost(Duration.ofSeconds(40))
                .untilAsserted(() -> assertThat(served(customer).get("recent")).isEqualTo(List.of("i4", "i3", "i2")));

        JsonNode set = trainingSet(
                "customers",
                List.of(customer, customer, customer, "nobody"),
                List.of(Instant.now(), last, events.getFirst().time(), last));

        assertThat(set.get("feature_names").valueStream().map(JsonNode::asString))
                .containsExactly("purchases_7d", "spend", "mean_price", "recent");
        await().untilAsserted(() -> {
            Map<String, Object> served = served(customer);
            assertThat(set.at("/columns/0/0").asLong()).isEqualTo(served.get("purchases_7d"));
            assertThat(set.at("/columns/1/0").asDouble()).isEqualTo(served.get("spend"));
            assertThat(set.at("/columns/2/0").asDouble()).isEqualTo(served.get("mean_price"));
            assertThat(set.at("/columns/3/0")
                            .valueStream()
                            .map(JsonNode::asString)
                            .toList())
                    .isEqualTo(served.get("recent"));
        });
        assertThat(set.at("/columns/3/1").valueStream().map(JsonNode::asString)).containsExactly("i3", "i2", "i1");
        assertThat(set.at("/columns/0/2").isNull())
                .as("strictly before the first event")
                .isTrue();
        assertThat(set.at("/columns/1/3").isNull())
                .as("an entity without events")
                .isTrue();
    }

    /** Plants what a leaking training set would show: a purchase at the row's very moment, and one after it. */
    @Test
    void aTrainingSetKnowsNothingOfItsRowsFuture() throws Exception {
        String customer = id();
        Instant moment = Instant.now().minus(Duration.ofDays(3)).truncatedTo(ChronoUnit.MILLIS);
        send(purchase(customer, "a", 2, moment.minusSeconds(7200)));
        send(purchase(customer, "b", 4, moment.minusMillis(1)));
        List<String> rows = List.of(customer, customer);
        List<Instant> times = List.of(moment, moment.plusMillis(1));
        JsonNode before = trainingSet("customers", rows, times);

        send(purchase(customer, "at the moment", 100, moment));
        send(purchase(customer, "in the future", 1000, moment.plusSeconds(3600)));
        JsonNode after = trainingSet("customers", rows, times);

        for (int column = 0; column < 4; column++) {
            assertThat(after.at("/columns/%d/0".formatted(column)))
                    .as(after.at("/feature_names/" + column).asString())
                    .isEqualTo(before.at("/columns/%d/0".formatted(column)));
        }
        assertThat(after.at("/columns/1/0").asDouble()).isEqualTo(6);
        assertThat(after.at("/columns/1/1").asDouble())
                .as("a thousandth of a second later the first is known")
                .isEqualTo(106);
    }

    @Test
    void aTrainingSetRefusesALabelInsideTheWindowOfTheFeatures() {
        Instant moment = Instant.parse("2026-11-01T00:00:00Z");
        Map<String, Object> request = Map.of(
                "feature_service", "customers",
                "entities", List.of("a", "b"),
                "times", List.of(moment, moment),
                "labels_from", List.of(moment, moment.minusMillis(1)));

        Problem problem = problem(request);

        assertThat(problem.errors()).extracting(Problem.Violation::pointer).containsExactly("/labels_from/1");
        Map<String, Object> right = new HashMap<>(request);
        right.put("labels_from", List.of(moment, moment));
        http.post()
                .uri("/v1/training-sets")
                .contentType(MediaType.APPLICATION_JSON)
                .body(right)
                .exchange()
                .expectStatus()
                .isOk();
    }

    @Test
    void doesNotServeARowThatAnotherDefinitionMade() throws Exception {
        String customer = id();
        Instant now = Instant.now();
        sendRow(customer, now, 7, "000000000000");
        await().atMost(Duration.ofSeconds(40)).until(() -> isStored(customer));
        assertThat(stub().getOnlineFeatures(request("activity:purchases_7d", customer))
                        .getResults(1)
                        .getStatuses(0))
                .isEqualTo(FieldStatus.NOT_FOUND);

        // Older, but it does not say what made it: one that Feast has materialized would be such.
        sendRow(customer, now.minusSeconds(60), 8, "");
        await().until(() -> number(customer, "activity:purchases_7d") == 8);
    }

    private static void sendRow(String customer, Instant time, long purchases, String definition) throws Exception {
        FeatureRow row = new FeatureRow(
                entityKey(customer),
                "activity",
                time,
                Map.of("purchases_7d", FeatureValues.of(purchases).toByteArray()));
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(Topics.FEATURE_ROWS, row.key(), FeatureRow.CODEC.encode(row));
        if (!definition.isEmpty()) {
            record.headers().add(FeatureRow.DEFINITION, definition.getBytes(UTF_8));
        }
        Objects.requireNonNull(producer).send(record).get();
    }

    private static byte[] entityKey(String customer) {
        return new EntityKeyCodec("default_shop", "customer")
                .encode(Value.newBuilder().setStringVal(customer).build());
    }

    private static boolean isStored(String customer) {
        try (RedisClient redis = RedisClient.create(
                RedisURI.create(Infra.redis().host(), Infra.redis().port()))) {
            return redis.connect(ByteArrayCodec.INSTANCE).sync().exists(entityKey(customer)) == 1;
        }
    }

    @Test
    void fillsARedisThatHasLostItsData() throws Exception {
        String customer = id();
        send(purchase(customer, "a", 1, Instant.now().minusSeconds(3)));
        await().atMost(Duration.ofSeconds(40)).until(() -> number(customer, "activity:purchases_7d") == 1);

        try (RedisClient redis = RedisClient.create(
                RedisURI.create(Infra.redis().host(), Infra.redis().port()))) {
            redis.connect().sync().flushall();
        }

        await().atMost(Duration.ofSeconds(10)).until(() -> number(customer, "activity:purchases_7d") == 1);
    }

    @Test
    void tellsPeopleWhatIsKnownOfAnEntity() throws Exception {
        String item = id();
        send(event(
                "item",
                Map.of("item", item),
                Map.of("description", "tea pot"),
                Instant.now().minusSeconds(2)));
        await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> {
            JsonNode known = get("/v1/entities/item/" + item + "/features");
            assertThat(known.at("/features/1/name").asString()).isEqualTo("description");
            assertThat(known.at("/features/1/value").asString()).isEqualTo("tea pot");
            assertThat(known.at("/features/1/status").asString()).isEqualTo("PRESENT");
            assertThat(known.at("/features/0/value").asLong()).isZero();
            assertThat(known.at("/features/1/age_seconds").asLong()).isBetween(1L, 60L);
        });
        assertThat(get("/v1/entities/item/nothing/features")
                        .at("/features/0/status")
                        .asString())
                .isEqualTo("NOT_FOUND");
    }

    @Test
    void definitionsAreIdempotentAndRefusedByLineAndColumn() {
        JsonNode first = Objects.requireNonNull(put(DEFINITIONS).body());
        assertThat(put(DEFINITIONS).body()).isEqualTo(first);
        JsonNode current = get("/v1/feature-definitions");
        assertThat(current.get("hash")).isEqualTo(first.get("hash"));
        assertThat(current.at("/feature_services/1/features/0/dtype").asString())
                .isEqualTo("String");

        Answer refused = put(DEFINITIONS.replace("function: sum", "function: median"));
        assertThat(refused.statusCode()).isEqualTo(422);
        JsonNode problem = Objects.requireNonNull(refused.body());
        assertThat(problem.get("type").asString()).isEqualTo("/problems/invalid-definition");
        assertThat(problem.at("/errors/0/detail").asString()).startsWith("line 11, column 33: write one of count");
    }

    @Provokes(ProblemType.UNKNOWN_FEATURE)
    @Test
    void refusesWhatIsNotDefined() {
        assertThat(stub().getFeastServingInfo(GetFeastServingInfoRequest.getDefaultInstance())
                        .getVersion())
                .startsWith("millrace");
        assertStatus(Status.Code.NOT_FOUND, request("activity:height", "a"));
        assertStatus(
                Status.Code.NOT_FOUND,
                GetOnlineFeaturesRequest.newBuilder().setFeatureService("x").build());
        assertStatus(
                Status.Code.INVALID_ARGUMENT,
                GetOnlineFeaturesRequest.newBuilder()
                        .setFeatureService("customers")
                        .build());
        assertThat(problem("{\"feature_service\":\"nothing\",\"entities\":[],\"times\":[]}")
                        .type())
                .isEqualTo("/problems/unknown-feature");
        assertThat(problem("{\"feature_service\":\"items\",\"entities\":[\"a\"],\"times\":[]}")
                        .type())
                .isEqualTo("/problems/validation");
        assertThat(problem("{\"feature_service\":\"items\",\"entities\":[\"a\"],\"times\":[\"soon\"]}")
                        .errors())
                .extracting(Problem.Violation::pointer)
                .containsExactly("/times/0");
        assertThat(problem("{\"entities\":[],\"times\":[]}").errors()).hasSize(1);
    }

    @Test
    void saysHowLargeATrainingSetMayBe() {
        assertThat(oversized(101)).isEqualTo("ask for at most 100 rows at a time; these are 101");
        assertThat(oversized(80)).isEqualTo("ask for at most 150 values at a time: 80 rows of 2 features are 160");
    }

    private String oversized(int rows) {
        String request = "{\"feature_service\":\"items\",\"entities\":[%s],\"times\":[%s]}"
                .formatted(
                        String.join(",", java.util.Collections.nCopies(rows, "\"a\"")),
                        String.join(",", java.util.Collections.nCopies(rows, "1")));
        return problem(request).errors().getFirst().detail();
    }

    private Problem problem(Object trainingSetRequest) {
        return Objects.requireNonNull(http.post()
                .uri("/v1/training-sets")
                .contentType(MediaType.APPLICATION_JSON)
                .body(trainingSetRequest)
                .exchange()
                .expectStatus()
                .is4xxClientError()
                .expectBody(Problem.class)
                .returnResult()
                .getResponseBody());
    }

    private void assertStatus(Status.Code code, GetOnlineFeaturesRequest request) {
        assertThatThrownBy(() -> stub().getOnlineFeatures(request))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        error -> assertThat(error.getStatus().getCode()).isEqualTo(code));
    }

    private JsonNode trainingSet(String service, List<String> entities, List<Instant> times) {
        return Objects.requireNonNull(http.post()
                .uri("/v1/training-sets")
                .contentType(MediaType.APPLICATION_JSON)
                .body(Map.of("feature_service", service, "entities", entities, "times", times))
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody(JsonNode.class)
                .returnResult()
                .getResponseBody());
    }

    private JsonNode get(String path) {
        return Objects.requireNonNull(http.get()
                .uri(path)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody(JsonNode.class)
                .returnResult()
                .getResponseBody());
    }

    private Map<String, Object> served(String customer) {
        GetOnlineFeaturesResponse response = stub().getOnlineFeatures(GetOnlineFeaturesRequest.newBuilder()
                .setFeatureService("customers")
                .putEntities("customer", ids(customer))
                .build());
        Map<String, Object> served = new HashMap<>();
        for (int i = 1; i < response.getResultsCount(); i++) {
            Object value = column(response, i).getFirst();
            if (value != null) {
                served.put(response.getMetadata().getFeatureNames().getVal(i), value);
            }
        }
        return served;
    }

    private static List<@Nullable Object> column(GetOnlineFeaturesResponse response, int column) {
        List<@Nullable Object> values = new ArrayList<>();
        response.getResults(column).getValuesList().forEach(value -> values.add(FeatureValues.toJson(value)));
        return values;
    }

    private long number(String customer, String feature) {
        return stub().getOnlineFeatures(request(feature, customer))
                .getResults(1)
                .getValues(0)
                .getInt64Val();
    }

    private static GetOnlineFeaturesRequest request(String feature, String... customers) {
        return GetOnlineFeaturesRequest.newBuilder()
                .setFeatures(FeatureList.newBuilder().addVal(feature))
                .putEntities("customer", ids(customers))
                .build();
    }

    private static RepeatedValue ids(String... ids) {
        RepeatedValue.Builder values = RepeatedValue.newBuilder();
        for (String id : ids) {
            values.addVal(Value.newBuilder().setStringVal(id));
        }
        return values.build();
    }

    private static ServingServiceGrpc.ServingServiceBlockingStub stub() {
        return ServingServiceGrpc.newBlockingStub(Objects.requireNonNull(channel))
                .withDeadlineAfter(10, TimeUnit.SECONDS);
    }

    private static String id() {
        return UuidV7.at(System.currentTimeMillis()).toString();
    }

    private static Event purchase(String customer, String item, double price, Instant time) {
        Map<String, String> entities = new LinkedHashMap<>();
        entities.put("customer", customer);
        entities.put("item", item);
        return event("purchase", entities, Map.of("quantity", 1L, "price", price), time);
    }

    private static Event event(String type, Map<String, String> entities, Map<String, Object> value, Instant time) {
        return new Event(id(), type, time, entities, null, value, null);
    }

    private static void send(Event event) throws ExecutionException, InterruptedException {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(Topics.EVENTS, event.key("default").getBytes(UTF_8), Event.CODEC.encode(event));
        CloudEventHeaders.of(event.id(), "io.millrace.event." + event.type(), "test", event.time(), "default")
                .forEach((name, value) -> record.headers().add(name, value));
        Objects.requireNonNull(producer).send(record).get();
    }
}
