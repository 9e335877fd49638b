package io.millrace.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.millrace.app.neighbours.Shop;
import io.millrace.testing.ApiDocument;
import io.millrace.testing.HostileRequests;
import io.millrace.testing.Infra;
import io.millrace.testing.Postgres;
import io.millrace.testing.Provokes;
import io.millrace.testing.RawHttp;
import io.millrace.wire.Event;
import io.millrace.wire.Problem;
import io.millrace.wire.ProblemType;
import io.millrace.wire.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
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
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.resttestclient.autoconfigure.AutoConfigureRestTestClient;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.MediaType;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.client.RestTestClient;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT, properties = "management.server.port=0")
@AutoConfigureRestTestClient
@ExtendWith(OutputCaptureExtension.class)
class AppServiceTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Shop SHOP = new Shop();
    private static final Postgres POSTGRES = Infra.postgres();

    @TempDir
    static Path state;

    @Autowired
    private RestTestClient http;

    @LocalServerPort
    private int port;

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
    void keepsARecordOfAPredictionThatCanBeLookedUp() {
        JsonNode answer = JSON.readTree(Objects.requireNonNull(http.post()
                .uri("/v1/applications/shop/predictions")
                .header("X-Request-Id", "order-7")
                .contentType(MediaType.APPLICATION_JSON)
                .body(
                        "{\"entities\":{\"customer\":\"c1\"},\"context\":{\"page\":\"home\"},\"limit\":2,\"exclude\":[\"x\"]}")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .returnResult()
                .getResponseBody()));
        String id = answer.path("prediction_id").stringValue();

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> record(http, id).expectStatus().isOk());
        JsonNode record = JSON.readTree(Objects.requireNonNull(
                record(http, id).expectBody().returnResult().getResponseBody()));

        assertThat(record.path("prediction_id").stringValue()).isEqualTo(id);
        assertThat(record.path("application_version")).isEqualTo(answer.path("application_version"));
        assertThat(record.path("request_id").stringValue()).isEqualTo("order-7");
        assertThat(record.path("request").toString())
                .isEqualTo("{\"entities\":{\"customer\":\"c1\"},\"context\":{\"page\":\"home\"},\"limit\":2,"
                        + "\"exclude\":[\"x\"]}");
        assertThat(record.path("results").toString())
                .isEqualTo("[{\"id\":\"c\",\"score\":103.02999877929688},{\"id\":\"b\",\"score\":102.04000091552734}]");
        assertThat(record.path("features").path(0).toString())
                .startsWith("{\"step\":\"customer\",\"service\":\"customers\",\"rows\":[{\"id\":\"c1\",\"features\":"
                        + "{\"purchases\":{\"value\":100,\"status\":\"PRESENT\",\"event_time\":\"2026-")
                .contains("\"age_ms\":", "\"recent_items\":{\"value\":[\"a\",\"ü\"],\"status\":\"PRESENT\"");
        assertThat(record.path("features")
                        .path(1)
                        .path("rows")
                        .valueStream()
                        .map(row -> row.path("id").stringValue()))
                .containsExactly("c", "b");
        assertThat(record.path("candidates").path(0).toString())
                .startsWith("{\"step\":\"candidates\",\"items\":[{\"id\":\"a\",\"score\":5.0},");
        assertThat(record.path("candidates").path(1).path("step").stringValue()).isEqualTo("rank");
        assertThat(record.path("models")).isEqualTo(answer.path("models"));
        assertThat(record.path("degraded")).isEmpty();
        assertThat(record.path("timings_us")).isEqualTo(answer.path("timings_us"));

        await().atMost(Duration.ofSeconds(30)).until(this::isRecordedWithinTwoSeconds);
    }

    @Provokes(ProblemType.UNKNOWN_PREDICTION)
    @Test
    void doesNotKnowRecordsThatNeverWere() {
        for (String id : List.of("01a20be3-4d87-740f-ab49-d6e973c49072", "no-id")) {
            assertThat(problem(record(http, id), 404).type()).isEqualTo("/problems/unknown-prediction");
        }
    }

    @Test
    void sendsRecordsThatWaitedOnDiskWhenKafkaIsBackEvenAfterARestart() {
        Path folder = state.resolve("records");
        Map<String, String> away = new java.util.HashMap<>(properties(folder));
        away.put("spring.kafka.bootstrap-servers", "127.0.0.1:1");
        List<String> ids = new ArrayList<>();
        try (ConfigurableApplicationContext replica = replica(away)) {
            RestTestClient client = client(replica);
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> readiness(replica).expectStatus().isOk());
            for (int i = 0; i < 3; i++) {
                JsonNode answer = Objects.requireNonNull(client.post()
                        .uri("/v1/applications/shop/predictions")
                        .contentType(MediaType.APPLICATION_JSON)
                        .body("{\"entities\":{\"customer\":\"c1\"}}")
                        .exchange()
                        .expectStatus()
                        .isOk()
                        .expectBody(JsonNode.class)
                        .returnResult()
                        .getResponseBody());
                assertThat(answer.path("degraded")).isEmpty();
                ids.add(answer.path("prediction_id").stringValue());
            }
            client(replica, "local.management.port")
                    .get()
                    .uri("/actuator/metrics/millrace.app.records.waiting")
                    .exchange()
                    .expectStatus()
                    .isOk();
        }
        ids.forEach(id -> record(http, id).expectStatus().isNotFound());

        try (ConfigurableApplicationContext restarted = replica(properties(folder))) {
            for (String id : ids) {
                await().atMost(Duration.ofSeconds(20))
                        .untilAsserted(() ->
                                record(client(restarted), id).expectStatus().isOk());
            }
        }
    }

    @Provokes(ProblemType.RECORD_UNAVAILABLE)
    @Test
    void doesNotLetAnAnswerGoWithoutItsRecordWhereOneIsRequired() {
        String careful = Shop.DEFINITION.replace("application: shop", "application: careful") + "record: required\n";
        put("/v1/applications/careful", body(careful)).expectStatus().isOk();
        String id = Objects.requireNonNull(
                        post("/v1/applications/careful/predictions", "{\"entities\":{\"customer\":\"c1\"}}")
                                .expectStatus()
                                .isOk()
                                .expectBody(JsonNode.class)
                                .returnResult()
                                .getResponseBody())
                .path("prediction_id")
                .stringValue();
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> record(http, id).expectStatus().isOk());

        Map<String, String> away = new java.util.HashMap<>(properties(state.resolve("careful")));
        away.put("spring.kafka.bootstrap-servers", "127.0.0.1:1");
        try (ConfigurableApplicationContext replica = replica(away)) {
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> readiness(replica).expectStatus().isOk());
            Problem problem = problem(
                    client(replica)
                            .post()
                            .uri("/v1/applications/careful/predictions")
                            .contentType(MediaType.APPLICATION_JSON)
                            .body("{\"entities\":{\"customer\":\"c1\"}}")
                            .exchange()
                            .expectHeader()
                            .valueEquals("Retry-After", "1"),
                    503);
            assertThat(problem.type()).isEqualTo("/problems/record-unavailable");
        }
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

    @Provokes({ProblemType.MALFORMED_BODY, ProblemType.UNKNOWN_APPLICATION, ProblemType.VALIDATION})
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
    void neverBlamesItselfForWhatACallerSends() {
        String request = "{\"entities\":{\"customer\":\"c1\"},\"context\":{\"page\":\"home\"},\"limit\":2}";
        assertThat(HostileRequests.around("POST", "/v1/applications/shop/predictions", "", request))
                .hasSizeGreaterThan(80)
                .allSatisfy(hostile -> hostile.sendTo(port));
        assertThat(HostileRequests.around("POST", "/v1/events", "", "{\"events\":[" + event("hostile", "") + "]}"))
                .allSatisfy(hostile -> hostile.sendTo(port));
        assertThat(HostileRequests.around("PUT", "/v1/applications/shop", "", body(Shop.DEFINITION)))
                .allSatisfy(hostile -> hostile.sendTo(port));
        assertThat(HostileRequests.around("GET", "/v1/predictions/x", "", "{}"))
                .allSatisfy(hostile -> hostile.sendTo(port));
    }

    @Test
    void saysNothingOfAClientThatLeaves(CapturedOutput output) throws Exception {
        int before = output.length();
        String headers = "Content-Type: application/json\r\nContent-Length: 100\r\n";
        RawHttp.leave(
                port, RawHttp.request("POST", "/v1/applications/shop/predictions", headers, "{\"enti".getBytes(UTF_8)));
        RawHttp.leave(port, RawHttp.request("POST", "/v1/events", headers, "{\"ev".getBytes(UTF_8)));

        predict("{\"entities\":{\"customer\":\"c1\"}}").expectStatus().isOk();
        assertThat(output.toString().substring(before)).doesNotContain("request failed", "\tat io.millrace");
    }

    @Provokes(ProblemType.DEADLINE_EXCEEDED)
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
        http.get()
                .uri(path + "/versions")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody(JsonNode.class)
                .value(json -> {
                    assertThat(json.path("versions")
                                    .valueStream()
                                    .map(each -> each.path("version").intValue()))
                            .containsExactly(3, 2, 1);
                    assertThat(json.at("/versions/0/hash")).isEqualTo(json.at("/versions/2/hash"));
                });
        http.get()
                .uri("/v1/applications")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody(JsonNode.class)
                .value(json -> assertThat(
                                json.path("applications").valueStream().map(JsonNode::stringValue))
                        .contains(name));
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

    @Provokes({
        ProblemType.NOT_FOUND,
        ProblemType.METHOD_NOT_ALLOWED,
        ProblemType.NOT_ACCEPTABLE,
        ProblemType.UNSUPPORTED_MEDIA_TYPE
    })
    @Test
    void refusesWhatHttpAllowsAndThisPathDoesNot() {
        assertThat(problem(http.get().uri("/v1/nothing").exchange(), 404).type())
                .isEqualTo("/problems/not-found");
        assertThat(problem(http.delete().uri("/v1/events").exchange(), 405).detail())
                .isEqualTo("use POST");
        assertThat(problem(
                                http.get()
                                        .uri("/v1/applications/shop")
                                        .header("Accept", "image/png")
                                        .exchange(),
                                406)
                        .type())
                .isEqualTo("/problems/not-acceptable");
        assertThat(problem(
                                http.post()
                                        .uri("/v1/events")
                                        .contentType(MediaType.TEXT_PLAIN)
                                        .body("hello")
                                        .exchange(),
                                415)
                        .type())
                .isEqualTo("/problems/unsupported-media-type");
    }

    @Provokes(ProblemType.STEP_FAILED)
    @Test
    void saysWhichStepFailedWhereNothingStandsIn() {
        String strict = Shop.DEFINITION
                .replace("application: shop", "application: brittle")
                .replace("    on_failure: {use: popular}\n", "");
        put("/v1/applications/brittle", body(strict)).expectStatus().isOk();
        SHOP.vectors.behaviour().failWith(io.grpc.Status.UNAVAILABLE);
        try {
            Problem problem =
                    problem(post("/v1/applications/brittle/predictions", "{\"entities\":{\"customer\":\"c1\"}}"), 503);

            assertThat(problem.type()).isEqualTo("/problems/step-failed");
            assertThat(problem.detail()).contains("candidates", "unavailable");
        } finally {
            SHOP.vectors.behaviour().recover();
        }
    }

    @Provokes(ProblemType.INVALID_DEFINITION)
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

    @Provokes({ProblemType.EVENTS_UNAVAILABLE, ProblemType.UNAVAILABLE})
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
            Problem unread = problem(record(client, "01a20be3-4d87-740f-ab49-d6e973c49072"), 503);
            assertThat(unread.type()).isEqualTo("/problems/unavailable");
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
    void isDocumentedAsItIs(
            @Autowired @Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping mappings) {
        Set<String> operations = new TreeSet<>();
        mappings.getHandlerMethods()
                .keySet()
                .forEach(mapping -> mapping.getMethodsCondition()
                        .getMethods()
                        .forEach(method ->
                                mapping.getPatternValues().forEach(path -> operations.add(method + " " + path))));

        assertThat(operations).isEqualTo(ApiDocument.operations("app"));
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

    private boolean isRecordedWithinTwoSeconds() {
        String id = JSON.readTree(Objects.requireNonNull(predict("{\"entities\":{\"customer\":\"c1\"}}")
                        .expectBody()
                        .returnResult()
                        .getResponseBody()))
                .path("prediction_id")
                .stringValue();
        long answered = System.nanoTime();
        while (System.nanoTime() - answered < Duration.ofSeconds(2).toNanos()) {
            if (record(http, id).returnResult(String.class).getStatus().value() == 200) {
                return true;
            }
        }
        return false;
    }

    private static RestTestClient.ResponseSpec record(RestTestClient client, String id) {
        return client.get().uri("/v1/predictions/" + id).exchange();
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
