package io.millrace.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.millrace.app.neighbours.Shop;
import io.millrace.testing.Infra;
import io.millrace.testing.Postgres;
import io.millrace.wire.Event;
import io.millrace.wire.Problem;
import io.millrace.wire.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.resttestclient.autoconfigure.AutoConfigureRestTestClient;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.MediaType;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.client.RestTestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT, properties = "management.server.port=0")
@AutoConfigureRestTestClient
class AppServiceTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Shop SHOP = new Shop();
    private static final Postgres POSTGRES = Infra.postgres();

    @TempDir
    static Path state;

    @Autowired
    private RestTestClient http;

    @LocalManagementPort
    private int managementPort;

    @DynamicPropertySource
    static void neighbours(DynamicPropertyRegistry properties) {
        properties(state.resolve("first")).forEach((name, value) -> properties.add(name, () -> value));
    }

    private static Map<String, String> properties(Path state) {
        return Map.of(
                "spring.datasource.url", POSTGRES.jdbcUrl(),
                "spring.datasource.username", POSTGRES.username(),
                "spring.datasource.password", POSTGRES.password(),
                "spring.kafka.bootstrap-servers", Infra.kafkaBootstrap(),
                "spring.grpc.client.channel.feature.target",
                        SHOP.featureServer().target(),
                "spring.grpc.client.channel.vector.target", SHOP.vectorServer().target(),
                "spring.grpc.client.channel.inference.target",
                        SHOP.inferenceServer().target(),
                "millrace.app.state", state.toString());
    }

    @BeforeEach
    void apply() {
        put("/v1/applications/shop", body(Shop.DEFINITION)).expectStatus().isOk();
    }

    @AfterAll
    static void close() {
        SHOP.close();
    }

    @Test
    void answersAPrediction() {
        var answer = predict("{\"entities\":{\"customer\":\"c1\"},\"context\":{\"page\":\"home\"},\"limit\":2}")
                .expectStatus()
                .isOk()
                .expectHeader()
                .value("Server-Timing", header -> assertThat(header).contains("rank;dur=", "total;dur="))
                .expectBody()
                .returnResult();

        JsonNode json = JSON.readTree(Objects.requireNonNull(answer.getResponseBody()));
        assertThat(json.propertyNames())
                .containsExactly(
                        "prediction_id",
                        "application",
                        "application_version",
                        "degraded",
                        "results",
                        "models",
                        "timings_us");
        assertThat(UUID.fromString(json.path("prediction_id").stringValue()).version())
                .isEqualTo(7);
        assertThat(json.path("application").stringValue()).isEqualTo("shop");
        assertThat(json.path("degraded")).isEmpty();
        assertThat(json.path("results").toString())
                .isEqualTo("[{\"id\":\"c\",\"score\":103.02999877929688,\"fields\":{\"name\":\"Cup\"}},"
                        + "{\"id\":\"b\",\"score\":102.04000091552734,\"fields\":{\"name\":\"Banana\"}}]");
        assertThat(json.path("models").get(1).toString())
                .isEqualTo("{\"step\":\"rank\",\"model\":\"ranker\",\"version\":\"2\"}");
        assertThat(json.path("timings_us").propertyNames())
                .containsExactly("customer", "query", "candidates", "items", "rank", "answer", "total");
    }

    @Test
    void refusesARequestWithEveryThingThatIsWrongInIt() {
        assertThat(refused("""
                        {"entities":{"customer":17,"shop":"x"},"context":{"page":1},"limit":11,
                         "exclude":["a",""],"colour":"red"}"""))
                .extracting(Problem.Violation::pointer, Problem.Violation::code)
                .containsExactly(
                        tuple("/colour", "unknown-field"),
                        tuple("/entities/shop", "unknown-field"),
                        tuple("/entities/customer", "wrong-type"),
                        tuple("/context/page", "wrong-type"),
                        tuple("/limit", "out-of-range"),
                        tuple("/exclude/1", "out-of-range"));
        assertThat(refused("{\"limit\":2.5}"))
                .extracting(Problem.Violation::pointer, Problem.Violation::code)
                .containsExactly(tuple("/entities/customer", "required"), tuple("/limit", "wrong-type"));
        assertThat(refused("{\"entities\":{\"customer\":\"c1\"},\"exclude\":[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\"]}"))
                .containsExactly(
                        new Problem.Violation("/exclude", "out-of-range", "exclude at most 5 ids; these are 6"));
    }

    @Test
    void namesOnlyTheFirstOfManyThingsThatAreWrong() {
        String fields = IntStream.range(0, 500).mapToObj("\"f%d\":1"::formatted).collect(Collectors.joining(","));

        Problem problem = problem(predict("{\"entities\":{\"customer\":\"c1\"}," + fields + "}"), 422);

        assertThat(problem.errors()).hasSize(20);
        assertThat(problem.detail()).contains("480 more");
    }

    @Test
    void refusesWhatIsNoRequest() {
        assertThat(problem(predict("{\"entities\":"), 400).type()).isEqualTo("/problems/malformed-body");
        assertThat(problem(predict("[]"), 400).type()).isEqualTo("/problems/malformed-body");
        assertThat(problem(post("/v1/applications/nothing/predictions", "{}"), 404)
                        .type())
                .isEqualTo("/problems/unknown-application");
        assertThat(problem(
                                http.post()
                                        .uri("/v1/applications/shop/predictions")
                                        .header("Request-Timeout-Ms", "soon")
                                        .contentType(MediaType.APPLICATION_JSON)
                                        .body("{\"entities\":{\"customer\":\"c1\"}}")
                                        .exchange(),
                                422)
                        .detail())
                .contains("Request-Timeout-Ms");
    }

    @Test
    void saysThatTheDeadlineOfTheCallerPassed() {
        String strict = Shop.DEFINITION
                .replace("application: shop", "application: strict")
                .replace("    on_failure: {use: popular}\n", "");
        put("/v1/applications/strict", body(strict)).expectStatus().isOk();
        SHOP.vectors.behaviour().neverAnswer();
        try {
            Problem problem = problem(
                    http.post()
                            .uri("/v1/applications/strict/predictions")
                            .header("Request-Timeout-Ms", "300")
                            .contentType(MediaType.APPLICATION_JSON)
                            .body("{\"entities\":{\"customer\":\"c1\"}}")
                            .exchange(),
                    503);

            assertThat(problem.type()).isEqualTo("/problems/deadline-exceeded");
            assertThat(problem.detail()).contains("candidates");
        } finally {
            SHOP.vectors.behaviour().recover();
        }
    }

    @Test
    void countsAVersionOnlyWhenTheContentChanged() {
        String name = "shop-versions";
        String first = Shop.DEFINITION.replace("application: shop", "application: " + name);
        String second = first.replace("default: 3", "default: 4");
        String path = "/v1/applications/" + name;

        assertThat(version(put(path, body(first)))).isEqualTo(1);
        assertThat(version(put(path, body(first)))).isEqualTo(1);
        assertThat(version(put(path, body(second)))).isEqualTo(2);
        assertThat(version(put(path, body(first)))).isEqualTo(3);
        http.get()
                .uri(path)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody(JsonNode.class)
                .value(json -> {
                    assertThat(json.path("version").intValue()).isEqualTo(3);
                    assertThat(json.path("definition").stringValue()).isEqualTo(first);
                });
    }

    @Test
    void checksWithoutStoring() {
        String draft = Shop.DEFINITION.replace("application: shop", "application: draft");

        put("/v1/applications/draft?dry-run=true", body(draft))
                .expectStatus()
                .isOk()
                .expectBody(JsonNode.class)
                .value(json -> assertThat(json.propertyNames()).containsExactly("application", "hash"));

        http.get().uri("/v1/applications/draft").exchange().expectStatus().isNotFound();
    }

    @Test
    void saysByLineWhatIsWrongInADefinition() {
        Problem problem = problem(
                put("/v1/applications/other", body(Shop.DEFINITION.replace("model: ranker", "model: sorter"))), 422);

        assertThat(problem.type()).isEqualTo("/problems/invalid-definition");
        assertThat(problem.errors())
                .containsExactly(
                        new Problem.Violation(
                                "/definition",
                                "invalid",
                                "line 1, column 14: the application is \"shop\" here and \"other\" in the path"),
                        new Problem.Violation(
                                "/definition",
                                "invalid",
                                "line 28, column 20: inference-service says: there is no model sorter"));
        assertThat(problem(put("/v1/applications/shop", "{\"definition\":\"\",\"source\":{}}"), 422)
                        .errors())
                .extracting(Problem.Violation::pointer)
                .containsExactly("/source");
        assertThat(problem(
                                put(
                                        "/v1/applications/shop",
                                        "{\"definition\":\"\",\"sources\":{\"popular\":[{\"score\":1}]}}"),
                                422)
                        .errors())
                .containsExactly(new Problem.Violation("/sources/popular/0", "invalid", "write the item's id"));
    }

    @Test
    void holdsTheSourcesAgainstTheDefinition() {
        Problem missing = problem(
                put("/v1/applications/shop", JSON.writeValueAsString(Map.of("definition", Shop.DEFINITION))), 422);
        Problem undeclared = problem(
                put(
                        "/v1/applications/shop",
                        body(Shop.DEFINITION).replace("\"sources\":{", "\"sources\":{\"new\":[],")),
                422);

        assertThat(missing.errors())
                .extracting(Problem.Violation::detail)
                .containsExactly("line 9, column 12: the items of the source \"popular\" were not sent");
        assertThat(undeclared.errors())
                .extracting(Problem.Violation::detail)
                .containsExactly(
                        "line 1, column 14: items of a source \"new\" were sent, which is not declared under sources");
    }

    @Test
    void tellsOtherReplicasAndServesFromTheSnapshotWithoutPostgresAndKafka() {
        Path folder = state.resolve("second");
        try (ConfigurableApplicationContext replica = replica(properties(folder))) {
            String definition = Shop.DEFINITION.replace("application: shop", "application: announced");
            put("/v1/applications/announced", body(definition)).expectStatus().isOk();

            RestTestClient other = client(replica);
            await().atMost(Duration.ofSeconds(5))
                    .untilAsserted(() -> other.get()
                            .uri("/v1/applications/announced")
                            .exchange()
                            .expectStatus()
                            .isOk());
        }

        Map<String, String> away = new java.util.HashMap<>(properties(folder));
        away.put("spring.datasource.url", "jdbc:postgresql://127.0.0.1:1/none");
        away.put("spring.kafka.bootstrap-servers", "127.0.0.1:1");
        try (ConfigurableApplicationContext restarted = replica(away)) {
            RestTestClient client = client(restarted);
            client.post()
                    .uri("/v1/applications/announced/predictions")
                    .contentType(MediaType.APPLICATION_JSON)
                    .body("{\"entities\":{\"customer\":\"c1\"}}")
                    .exchange()
                    .expectStatus()
                    .isOk();
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> readiness(restarted).expectStatus().isOk());
            Problem events = Objects.requireNonNull(client.post()
                    .uri("/v1/events")
                    .contentType(MediaType.APPLICATION_JSON)
                    .body("{\"events\":[%s]}".formatted(event("away", "")))
                    .exchange()
                    .expectStatus()
                    .isEqualTo(503)
                    .expectHeader()
                    .valueEquals("Retry-After", "5")
                    .expectBody(Problem.class)
                    .returnResult()
                    .getResponseBody());
            assertThat(events.type()).isEqualTo("/problems/events-unavailable");
            Problem unstored = problem(
                    client.put()
                            .uri("/v1/applications/shop")
                            .contentType(MediaType.APPLICATION_JSON)
                            .body(body(Shop.DEFINITION))
                            .exchange(),
                    503);
            assertThat(unstored.detail()).contains("Postgres");
        }

        away.put("millrace.app.state", state.resolve("empty").toString());
        try (ConfigurableApplicationContext unready = replica(away)) {
            readiness(unready)
                    .expectStatus()
                    .isEqualTo(503)
                    .expectBody(String.class)
                    .value(health -> assertThat(health).contains("there is no snapshot at"));
        }
    }

    @Test
    void keepsEventsOnKafkaEachIdOnce() {
        String id = UUID.randomUUID().toString();
        String first = event(id, ",\"value\":{\"quantity\":2,\"price\":2.55,\"gift\":true,\"note\":\"für dich\"}");
        String second = event(id + "-2", ",\"prediction_id\":\"p1\",\"source_time\":\"2011-09-01T12:00:00+02:00\"");
        String future = event(id + "-3", "").replace("2024-01-01T00:00:00.123456Z", "2999-01-01T00:00:00Z");

        JsonNode answer = taken(
                "{\"events\":[%s,%s,%s,%s,{\"id\":\"x\",\"kind\":\"view\"}]}".formatted(first, second, first, future));

        assertThat(answer.path("accepted").intValue()).isEqualTo(2);
        assertThat(answer.path("duplicates").intValue()).isEqualTo(1);
        assertThat(answer.path("rejected").toString())
                .contains("{\"index\":3,", "\"pointer\":\"/events/3/time\"", "\"code\":\"out-of-range\"")
                .contains(
                        "{\"index\":4,",
                        "\"pointer\":\"/events/4/kind\"",
                        "\"pointer\":\"/events/4/type\"",
                        "\"pointer\":\"/events/4/time\"",
                        "\"pointer\":\"/events/4/entities\"");
        assertThat(taken("{\"events\":[%s]}".formatted(first))
                        .path("duplicates")
                        .intValue())
                .isEqualTo(1);
        assertThat(consumed(id)).extracting(ConsumerRecord::key).containsExactly("default/c1", "default/c1");
        ConsumerRecord<String, byte[]> message = consumed(id).getFirst();
        assertThat(new String(message.headers().lastHeader("ce_type").value(), UTF_8))
                .isEqualTo("io.millrace.event.purchase");
        assertThat(decoded(message))
                .isEqualTo(new Event(
                        id,
                        "purchase",
                        Instant.parse("2024-01-01T00:00:00.123456Z"),
                        Map.of("customer", "c1"),
                        null,
                        Map.of("quantity", 2L, "price", 2.55, "gift", true, "note", "für dich"),
                        null));
        assertThat(decoded(consumed(id).getLast()).sourceTime()).isEqualTo(Instant.parse("2011-09-01T10:00:00Z"));
    }

    @Test
    void refusesEventsThatAreNone() {
        assertThat(problem(post("/v1/events", "{\"events\":[]}"), 422).errors())
                .containsExactly(new Problem.Violation("/events", "out-of-range", "send 1 to 500 events; these are 0"));
        assertThat(problem(post("/v1/events", "{\"event\":{}}"), 422).errors())
                .extracting(Problem.Violation::pointer)
                .containsExactly("/event", "/events");
    }

    @Test
    void showsItsMeters() {
        predict("{\"entities\":{\"customer\":\"c1\"}}").expectStatus().isOk();

        RestTestClient.bindToServer()
                .baseUrl("http://127.0.0.1:" + managementPort)
                .build()
                .get()
                .uri("/actuator/prometheus")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody(String.class)
                .value(meters -> assertThat(meters)
                        .contains(
                                "millrace_app_prediction_seconds_count{application=\"shop\",outcome=\"whole\"}",
                                "millrace_app_step_seconds_count{application=\"shop\",step=\"rank\"}"));
    }

    private static String event(String id, String more) {
        return """
                {"id":"%s","type":"purchase","time":"2024-01-01T00:00:00.123456Z","entities":{"customer":"c1"}%s}""".formatted(id, more);
    }

    private JsonNode taken(String body) {
        return Objects.requireNonNull(post("/v1/events", body)
                .expectStatus()
                .isAccepted()
                .expectBody(JsonNode.class)
                .returnResult()
                .getResponseBody());
    }

    private static List<ConsumerRecord<String, byte[]>> consumed(String id) {
        Map<String, Object> client = Map.of(
                "bootstrap.servers", Infra.kafkaBootstrap(),
                "group.id", UUID.randomUUID().toString(),
                "auto.offset.reset", "earliest");
        List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
        try (var consumer = new KafkaConsumer<>(client, new StringDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(Topics.EVENTS));
            await().atMost(Duration.ofSeconds(20)).until(() -> {
                consumer.poll(Duration.ofMillis(200)).forEach(each -> {
                    if (new String(each.headers().lastHeader("ce_id").value(), UTF_8).startsWith(id)) {
                        records.add(each);
                    }
                });
                return records.size() >= 2;
            });
        }
        return records;
    }

    private static Event decoded(ConsumerRecord<String, byte[]> message) {
        try {
            return Event.CODEC.decode(message.value());
        } catch (io.millrace.wire.MalformedMessageException e) {
            throw new AssertionError(e);
        }
    }

    private static ConfigurableApplicationContext replica(Map<String, String> properties) {
        List<String> arguments = new ArrayList<>(List.of("--server.port=0", "--management.server.port=0"));
        properties.forEach((name, value) -> arguments.add("--" + name + "=" + value));
        return new SpringApplicationBuilder(AppServiceApplication.class).run(arguments.toArray(String[]::new));
    }

    private static RestTestClient client(ConfigurableApplicationContext context) {
        return client(context, "local.server.port");
    }

    private static RestTestClient client(ConfigurableApplicationContext context, String port) {
        return RestTestClient.bindToServer()
                .baseUrl("http://127.0.0.1:" + context.getEnvironment().getProperty(port))
                .build();
    }

    private static RestTestClient.ResponseSpec readiness(ConfigurableApplicationContext context) {
        return client(context, "local.management.port")
                .get()
                .uri("/actuator/health/readiness")
                .exchange();
    }

    private List<Problem.Violation> refused(String body) {
        Problem problem = problem(predict(body), 422);
        assertThat(problem.type()).isEqualTo("/problems/validation");
        return problem.errors();
    }

    private static Problem problem(RestTestClient.ResponseSpec answer, int status) {
        return Objects.requireNonNull(answer.expectStatus()
                .isEqualTo(status)
                .expectBody(Problem.class)
                .returnResult()
                .getResponseBody());
    }

    private static int version(RestTestClient.ResponseSpec answer) {
        return Objects.requireNonNull(answer.expectStatus()
                        .isOk()
                        .expectBody(JsonNode.class)
                        .returnResult()
                        .getResponseBody())
                .path("version")
                .intValue();
    }

    private RestTestClient.ResponseSpec predict(String body) {
        return post("/v1/applications/shop/predictions", body);
    }

    private RestTestClient.ResponseSpec post(String path, String body) {
        return http.post()
                .uri(path)
                .contentType(MediaType.APPLICATION_JSON)
                .body(body)
                .exchange();
    }

    private RestTestClient.ResponseSpec put(String path, String body) {
        return http.put()
                .uri(path)
                .contentType(MediaType.APPLICATION_JSON)
                .body(body)
                .exchange();
    }

    private static String body(String definition) {
        return JSON.writeValueAsString(Map.of(
                "definition",
                definition,
                "sources",
                Map.of("popular", List.of(Map.of("id", "p", "score", 2, "fields", Map.of("name", "Pear"))))));
    }
}
