package io.millrace.feature.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import feast.proto.types.StringList;
import feast.proto.types.Value;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.codec.ByteArrayCodec;
import io.millrace.feature.feast.EntityKeyCodec;
import io.millrace.feature.feast.RowLayout;
import io.millrace.testing.ApiDocument;
import io.millrace.testing.HostAndPort;
import io.millrace.testing.HostileRequests;
import io.millrace.testing.Infra;
import io.millrace.testing.Postgres;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.resttestclient.autoconfigure.AutoConfigureRestTestClient;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.client.RestTestClient;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Requests that were sent to Feast's own server, from {@code golden/feast-http-0.66.0.json}, are answered as it answered
 * them. Its entity {@code customer_id} is not defined here: an entity has one join key.
 */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.grpc.server.port=0",
            "management.server.port=0",
            "millrace.feature.roles=serve",
            "millrace.feature.online.read-timeout=5s"
        })
@AutoConfigureRestTestClient
class FeastHttpTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String DEFINITIONS = """
            project: feast_http
            entities:
              - {name: driver, join_key: driver_id, value_type: INT64}
            feature_views:
              - name: driver_stats
                entity: driver
                features:
                  - {name: trips, function: last, column: value.trips, types: [trip], dtype: Int64}
                  - {name: conv_rate, function: last, column: value.conv_rate, types: [trip], dtype: Float64}
                  - {name: tags, function: last, column: value.tags, types: [trip], dtype: String}
                  - {name: vip, function: last, column: value.vip, types: [trip], dtype: Bool}
                  - {name: last_seen, function: last, column: value.last_seen, types: [trip], dtype: Int64}
                  - {name: broken, function: last, column: value.broken, types: [trip], dtype: Float64}
            feature_services:
              - {name: drivers, features: ["driver_stats:trips", "driver_stats:broken"]}
            """;

    @TempDir
    private static Path folder;

    @Autowired
    private RestTestClient http;

    @LocalServerPort
    private int port;

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

    @BeforeEach
    void define() {
        await().atMost(Duration.ofSeconds(30)).until(() -> put(DEFINITIONS) != 503);
        assertThat(put(DEFINITIONS)).isEqualTo(200);
        try (RedisClient redis = RedisClient.create(
                RedisURI.create(Infra.redis().host(), Infra.redis().port()))) {
            redis.connect(ByteArrayCodec.INSTANCE).sync().hset(key(), row());
        }
    }

    private int put(String definitions) {
        return http.put()
                .uri("/v1/feature-definitions")
                .contentType(MediaType.APPLICATION_YAML)
                .body(definitions)
                .exchange()
                .returnResult(JsonNode.class)
                .getStatus()
                .value();
    }

    /** The row that the captures were made of, as Feast wrote it. */
    private static Map<byte[], byte[]> row() {
        Map<byte[], byte[]> row = new HashMap<>();
        row.put(RowLayout.timestampField("driver_stats"), RowLayout.timestamp(Instant.parse("2026-11-01T00:00:00Z")));
        put(row, "trips", Value.newBuilder().setInt64Val(7));
        put(row, "conv_rate", Value.newBuilder().setFloatVal(0.53f));
        put(
                row,
                "tags",
                Value.newBuilder()
                        .setStringListVal(StringList.newBuilder().addVal("a").addVal("b")));
        put(row, "vip", Value.newBuilder().setBoolVal(true));
        put(row, "last_seen", Value.newBuilder().setUnixTimestampVal(1_790_000_000));
        put(row, "broken", Value.newBuilder().setDoubleVal(Double.NaN));
        return row;
    }

    private static void put(Map<byte[], byte[]> row, String feature, Value.Builder value) {
        row.put(RowLayout.featureField("driver_stats", feature), value.build().toByteArray());
    }

    private static byte[] key() {
        return new EntityKeyCodec("default_feast_http", "driver_id")
                .encode(Value.newBuilder().setInt64Val(1001).build());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "get-present-missing-null-expired-ttl",
                "get-string-for-int-key",
                "get-version-metadata",
            })
    void answersAsFeastDoes(String capture) {
        JsonNode golden = capture(capture);

        Answer answer = send(golden);

        assertThat(answer.status()).isEqualTo(golden.at("/response/status").asInt());
        assertThat(columns(answer.json())).isEqualTo(columns(golden.at("/response/body")));
        assertThat(answer.json().at("/metadata/feature_names/0").stringValue()).isEqualTo("driver_id");
    }

    @Test
    void saysWhatIsMissingAndAnswersInTheOrderOfTheRequest() {
        JsonNode answer = send(capture("get-present-missing-null-expired-ttl")).json();

        assertThat(answer.at("/metadata/feature_names").valueStream().map(JsonNode::stringValue))
                .containsExactly("driver_id", "trips", "conv_rate", "tags", "vip", "last_seen");
        assertThat(answer.at("/results/1/statuses").valueStream().map(JsonNode::stringValue))
                .containsExactly("PRESENT", "NOT_FOUND", "NOT_FOUND", "PRESENT");
    }

    @Test
    void answersAFeatureServiceWithFullNamesAndLeavesOutWhatJsonCannotSay() {
        Answer answer = post("/get-online-features", """
                {"feature_service":"drivers","entities":{"driver_id":[1001]},"full_feature_names":true,"new_in_feast":1}""");

        assertThat(answer.body()).isEqualTo("""
                {"results":[{"values":[1001],"statuses":["PRESENT"],"event_timestamps":["1970-01-01T00:00:00Z"]},\
                {"values":[7],"statuses":["PRESENT"],"event_timestamps":["2026-11-01T00:00:00Z"]},\
                {"values":[null],"statuses":["PRESENT"],"event_timestamps":["2026-11-01T00:00:00Z"]}],\
                "metadata":{"feature_names":["driver_id","driver_stats__trips","driver_stats__broken"]}}""");
    }

    @Test
    void isHealthyAndKnowsNoPushSource() {
        Answer health = send(capture("health"));
        assertThat(health.status()).isEqualTo(200);
        assertThat(health.body()).isEmpty();

        JsonNode golden = capture("push-unknown-source");
        Answer push = send(golden);
        assertThat(push.status()).isEqualTo(golden.at("/response/status").asInt());
        assertThat(JSON.readTree(push.json().stringValue()))
                .isEqualTo(JSON.readTree(golden.at("/response/body").stringValue()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"get-unknown-feature", "get-missing-entity-column", "get-ragged", "get-bad-ref"})
    void refusesInFeastsShapeWhatFeastRefusesAndIsNeverTheOneToBlame(String capture) {
        Answer answer = send(capture(capture));

        assertThat(answer.status()).isBetween(400, 499);
        JsonNode error = JSON.readTree(answer.json().stringValue());
        assertThat(error.propertyNames()).containsExactly("module", "class", "message");
        assertThat(error.path("module").stringValue()).isEqualTo("feast.errors");
        assertThat(error.path("message").stringValue()).isNotBlank();
    }

    @Test
    void namesTheKindOfErrorThatFeastsClientKnows() {
        Answer service =
                post("/get-online-features", "{\"feature_service\":\"nobody\",\"entities\":{\"driver_id\":[1]}}");
        Answer view = post("/get-online-features", "{\"features\":[\"none:x\"],\"entities\":{\"driver_id\":[1]}}");

        assertThat(service.status()).isEqualTo(404);
        assertThat(service.json().stringValue()).contains("\"class\":\"FeatureServiceNotFoundException\"");
        assertThat(view.status()).isEqualTo(404);
        assertThat(view.json().stringValue()).contains("\"class\":\"FeatureViewNotFoundException\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "7",
                "{\"entities\":{\"driver_id\":[1]}}",
                "{\"features\":[1],\"entities\":{\"driver_id\":[1]}}",
                "{\"features\":[\"driver_stats:trips\"]}",
                "{\"features\":[\"driver_stats:trips\"],\"entities\":[]}",
                "{\"features\":[\"driver_stats:trips\"],\"entities\":{\"driver_id\":1}}"
            })
    void saysAsFastApiDoesThatABodyIsNoRequest(String body) {
        Answer answer = post("/get-online-features", body);

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().at("/detail/0/loc/0").stringValue()).isEqualTo("body");
        assertThat(answer.json().at("/detail/0/msg").stringValue()).isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "true", "1.5", "\"x\"", "{}", "[]", "99999999999999999999"})
    void refusesAnIdOfAnotherType(String id) {
        Answer answer = post("/get-online-features", """
                {"features":["driver_stats:trips"],"entities":{"driver_id":[%s]}}""".formatted(id));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().stringValue()).contains("driver_id as an id of type INT64");
    }

    @Test
    void neverBlamesItselfForWhatACallerSends() {
        String request =
                "{\"features\":[\"driver_stats:trips\"],\"entities\":{\"driver_id\":[1001]},\"full_feature_names\":false}";
        assertThat(HostileRequests.around("POST", "/get-online-features", "", request))
                .hasSizeGreaterThan(80)
                .allSatisfy(hostile -> hostile.sendTo(port));
        assertThat(HostileRequests.around("POST", "/push", "", "{\"push_source_name\":\"x\"}"))
                .allSatisfy(hostile -> hostile.sendTo(port));
        assertThat(HostileRequests.around("GET", "/v1/entities/driver/1001/features", "", "{}"))
                .allSatisfy(hostile -> hostile.sendTo(port));
        assertThat(HostileRequests.around("PUT", "/v1/feature-definitions", "", "{\"project\":\"x\",\"entities\":[]}"))
                .allSatisfy(hostile -> hostile.sendTo(port));
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

        operations.remove("POST /v1/training-sets"); // for trainers, who are inside
        for (String feast : List.of("GET /health", "POST /get-online-features", "POST /push")) {
            assertThat(operations.remove(feast)).isTrue();
            operations.add(feast.replace(" /", " /feast/"));
        }

        assertThat(operations).isEqualTo(ApiDocument.operations("feature"));
    }

    private record Answer(int status, String body) {
        JsonNode json() {
            return JSON.readTree(body);
        }
    }

    private static Map<String, List<JsonNode>> columns(JsonNode answer) {
        Map<String, List<JsonNode>> columns = new HashMap<>();
        List<JsonNode> results =
                new ArrayList<>(answer.path("results").valueStream().toList());
        for (int i = 0; i < results.size(); i++) {
            columns.put(
                    answer.path("metadata").path("feature_names").path(i).stringValue(),
                    List.of(results.get(i).path("values"), results.get(i).path("event_timestamps")));
        }
        return columns;
    }

    private static JsonNode capture(String name) {
        try (InputStream in = FeastHttpTest.class.getResourceAsStream("/golden/feast-http-0.66.0.json")) {
            return JSON.readTree(Objects.requireNonNull(in).readAllBytes())
                    .path("captures")
                    .valueStream()
                    .filter(each -> each.path("name").stringValue().equals(name))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private Answer send(JsonNode capture) {
        JsonNode request = capture.path("request");
        return exchange(
                HttpMethod.valueOf(request.path("method").stringValue()),
                request.path("path").stringValue(),
                request.path("body").isNull() ? null : request.path("body").toString());
    }

    private Answer post(String path, String body) {
        return exchange(HttpMethod.POST, path, body);
    }

    private Answer exchange(HttpMethod method, String path, @Nullable String body) {
        RestTestClient.RequestBodySpec request = http.method(method).uri(path);
        if (body != null) {
            request.contentType(MediaType.APPLICATION_JSON).body(body);
        }
        var result = request.exchange().expectBody(String.class).returnResult();
        String answer = result.getResponseBody();
        return new Answer(result.getStatus().value(), answer == null ? "" : answer);
    }
}
