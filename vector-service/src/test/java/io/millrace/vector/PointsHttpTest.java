package io.millrace.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.testing.ApiDocument;
import io.millrace.testing.HostileRequests;
import io.millrace.testing.Infra;
import io.millrace.testing.Provokes;
import io.millrace.wire.Problem;
import io.millrace.wire.ProblemType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.client.RestTestClient;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PointsHttpTest {

    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    static Path data;

    private static RunningVectorService service;

    @BeforeAll
    static void start() {
        service = RunningVectorService.start(data, Infra.postgres(), "100ms");
        await().until(() -> send(
                                service.http().put().uri("/v1/collections/things"),
                                "{\"vectors\":{\"v\":{\"size\":2,\"distance\":\"cosine\"}},\"payload_schema\":{\"name\":\"keyword\",\"n\":\"integer\"}}")
                        .returnResult(String.class)
                        .getStatus()
                        .value()
                == 200);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void findsWhatWasWrittenUntilItIsDeleted() {
        JsonNode written = json(put("""
                {"embedding_space":"m-1","points":[
                  {"id":"a","vector":{"v":[1,0]},"payload":{"name":"Täßchen","n":7}},
                  {"id":"b/1","version":3,"vector":{"v":[0,1]}}]}""").expectStatus().isAccepted());
        assertThat(written.toString()).isEqualTo("{\"accepted\":2,\"rejected\":[]}");

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(get("\"a\",\"b/1\",\"c\"").toString())
                        .isEqualTo(
                                "{\"embedding_space\":\"m-1\",\"points\":[{\"id\":\"a\",\"payload\":{\"n\":7,\"name\":\"Täßchen\"}},"
                                        + "{\"id\":\"b/1\",\"payload\":{}}],\"missing\":[\"c\"]}"));

        put("{\"embedding_space\":\"m-1\",\"points\":[{\"id\":\"b/1\",\"version\":2,\"vector\":{\"v\":[1,1]},\"payload\":{\"n\":1}}]}")
                .expectStatus()
                .isAccepted();
        JsonNode deleted = json(post("delete", "{\"embedding_space\":\"m-1\",\"ids\":[\"a\",\"a\"]}")
                .expectStatus()
                .isAccepted());
        assertThat(deleted.path("accepted").intValue()).isEqualTo(1);
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> assertThat(get("\"a\",\"b/1\"").toString())
                                .isEqualTo(
                                        "{\"embedding_space\":\"m-1\",\"points\":[{\"id\":\"b/1\",\"payload\":{}}],\"missing\":[\"a\"]}"));
    }

    @Test
    void keepsTheGoodPointsAndSaysWhatIsWrongWithTheOthers() {
        JsonNode written = json(put("""
                {"embedding_space":"m-1","points":[
                  {"id":"short","vector":{"v":[1]}},
                  {"id":"zero","vector":{"v":[0,0]}},
                  {"id":"typed","vector":{"v":[1,0]},"payload":{"n":"7"}},
                  {"id":"nested","vector":{"v":[1,0]},"payload":{"n":{}}},
                  {"id":"other","vector":{"w":[1,0]}},
                  {"vector":{"v":[1,0]}},
                  null,
                  {"id":"huge","vector":{"v":[1e999,0]}},
                  {"id":"good","vector":{"v":[1,0]}}]}""").expectStatus().isAccepted());

        assertThat(written.path("accepted").intValue()).isEqualTo(1);
        assertThat(written.path("rejected")
                        .valueStream()
                        .map(each -> each.path("index").intValue()))
                .containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
        assertThat(written.at("/rejected/0/problem/errors/0/pointer").stringValue())
                .isEqualTo("/points/0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"embedding_space\":\"m-1\",\"points\":[]}",
                "{\"embedding_space\":\"../m\",\"points\":[{\"id\":\"a\",\"vector\":{\"v\":[1,0]}}]}",
                "{\"embedding_space\":\"m-1\",\"points\":[{\"id\":\"a\",\"vectors\":{}}]}",
                "{\"embedding_space\":\"m-1\",\"points\":7}"
            })
    void refusesWhatIsNoList(String body) {
        Problem problem = problem(put(body), 422);
        assertThat(problem.type()).isEqualTo("/problems/validation");
        assertThat(problem.errors()).isNotEmpty();
    }

    @Provokes(ProblemType.UNKNOWN_COLLECTION)
    @Test
    void knowsNoOtherCollection() {
        assertThat(problem(
                                send(
                                        service.http().put().uri("/v1/collections/nothing/points"),
                                        "{\"embedding_space\":\"m-1\",\"points\":[]}"),
                                404)
                        .type())
                .isEqualTo("/problems/unknown-collection");
    }

    @Provokes(ProblemType.CONFLICT)
    @Test
    void doesNotChangeACollectionThatIsThere() {
        assertThat(problem(
                                send(
                                        service.http().put().uri("/v1/collections/things"),
                                        "{\"vectors\":{\"v\":{\"size\":3,\"distance\":\"cosine\"}}}"),
                                409)
                        .type())
                .isEqualTo("/problems/conflict");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../etc", "a/b", ".", "..", "a%2fb", "-x", "ä"})
    void takesNoTenantThatIsAPath(String tenant) {
        Problem problem = problem(
                service.http()
                        .put()
                        .uri("/v1/collections/stolen")
                        .header("X-Millrace-Tenant", tenant)
                        .contentType(MediaType.APPLICATION_JSON)
                        .body("{\"vectors\":{\"v\":{\"size\":2,\"distance\":\"l2\"}}}")
                        .exchange(),
                422);
        assertThat(problem.errors().getFirst().detail()).contains("X-Millrace-Tenant");
    }

    @ParameterizedTest
    @CsvSource({"soon", "-1", "0", "99999999999999999999", "9223372036854775807"})
    void takesNoTimeoutThatIsNone(String timeout) {
        Problem problem = problem(
                service.http()
                        .post()
                        .uri("/v1/collections/things/points:query")
                        .header("Request-Timeout-Ms", timeout)
                        .contentType(MediaType.APPLICATION_JSON)
                        .body(Map.of("vector", Map.of("v", new float[] {1, 0})))
                        .exchange(),
                422);
        assertThat(problem.errors().getFirst().detail()).contains("Request-Timeout-Ms");
    }

    @Test
    void neverBlamesItselfForWhatACallerSends() {
        String points =
                "{\"embedding_space\":\"m-9\",\"points\":[{\"id\":\"a\",\"version\":1,\"vector\":{\"v\":[1,0]},\"payload\":{\"n\":1}}]}";
        String query =
                "{\"vector\":{\"v\":[1,0]},\"limit\":2,\"filter\":{\"must\":[{\"key\":\"n\",\"match\":1}]},\"params\":{\"ef\":10},\"with_payload\":[\"n\"]}";
        send(
                        service.http().put().uri("/v1/collections/hostile-points"),
                        "{\"vectors\":{\"v\":{\"size\":2,\"distance\":\"cosine\"}},\"payload_schema\":{\"n\":\"integer\"}}")
                .expectStatus()
                .isOk();
        assertThat(HostileRequests.around("PUT", "/v1/collections/hostile-points/points", "", points))
                .hasSizeGreaterThan(80)
                .allSatisfy(hostile -> hostile.sendTo(service.port()));
        assertThat(HostileRequests.around("POST", "/v1/collections/things/points:query", "", query))
                .allSatisfy(hostile -> hostile.sendTo(service.port()));
        assertThat(HostileRequests.around(
                        "PUT", "/v1/collections/hostile", "", "{\"vectors\":{\"v\":{\"size\":2,\"distance\":\"l2\"}}}"))
                .allSatisfy(hostile -> hostile.sendTo(service.port()));
    }

    @Test
    void isDocumentedAsItIs() {
        RequestMappingHandlerMapping mappings = service.mappings();
        Set<String> operations = new TreeSet<>();
        mappings.getHandlerMethods()
                .keySet()
                .forEach(mapping -> mapping.getMethodsCondition()
                        .getMethods()
                        .forEach(method ->
                                mapping.getPatternValues().forEach(path -> operations.add(method + " " + path))));

        assertThat(operations).isEqualTo(ApiDocument.operations("vector"));
    }

    private static JsonNode get(String ids) {
        return json(post("get", "{\"embedding_space\":\"m-1\",\"ids\":[" + ids + "]}")
                .expectStatus()
                .isOk());
    }

    private static RestTestClient.ResponseSpec put(String body) {
        return send(service.http().put().uri("/v1/collections/things/points"), body);
    }

    private static RestTestClient.ResponseSpec post(String what, String body) {
        return send(service.http().post().uri("/v1/collections/things/points:" + what), body);
    }

    private static RestTestClient.ResponseSpec send(RestTestClient.RequestBodySpec request, String body) {
        return request.contentType(MediaType.APPLICATION_JSON).body(body).exchange();
    }

    private static JsonNode json(RestTestClient.ResponseSpec answer) {
        return JSON.readTree(
                Objects.requireNonNull(answer.expectBody().returnResult().getResponseBody()));
    }

    private static Problem problem(RestTestClient.ResponseSpec answer, int status) {
        return Objects.requireNonNull(answer.expectStatus()
                .isEqualTo(status)
                .expectBody(Problem.class)
                .returnResult()
                .getResponseBody());
    }
}
