package io.millrace.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import tools.jackson.databind.JsonNode;

/** One life of a Millrace with the simulated shop: first start, use, a killed launcher, second start, end. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MillraceIT {

    private static final Pattern CUSTOMER = Pattern.compile("\\{\"customer\":\"([^\"]+)\"\\}");

    private final Millrace millrace = Millrace.fresh("system");
    private Millrace.Up up;
    private Gateway gateway;

    @BeforeAll
    void starts() {
        up = millrace.up().ready();
        gateway = new Gateway(millrace.gateway(), millrace.key());
    }

    @AfterAll
    void leavesNothingBehind() {
        millrace.run("down");
        assertThat(millrace.processes()).isEmpty();
    }

    @Test
    @Order(1)
    void runsTheCommandsOfTheReadme() {
        List<ReadmeCommands.Block> blocks =
                ReadmeCommands.read(Path.of("../README.md")).blocks();
        assertThat(blocks).anyMatch(ReadmeCommands.Block::starts);
        for (ReadmeCommands.Block block : blocks) {
            if (block.starts() || !block.runs()) {
                continue;
            }
            Millrace.Said said = millrace.shell("set -e\n"
                    + block.script()
                            .replace("localhost:8080", "localhost:" + millrace.portBase())
                            .replace(".millrace/", millrace.state() + "/"));
            assertThat(said.exitCode()).as(block.script() + said.output()).isZero();
            assertThat(said.output()).as(block.script()).contains(block.expected());
        }
        // they stop and start a service, whose first answers may come too late
        Millrace.await(
                "whole answers again",
                Duration.ofSeconds(30),
                () -> gateway.predict(request(aCustomer(), 10, List.of()))
                        .body()
                        .path("degraded")
                        .isEmpty());
    }

    @Test
    @Order(2)
    void answersAPredictionInTheDocumentedShape() {
        Gateway.Answer answer = gateway.predict(
                "{\"entities\":{\"customer\":\"" + aCustomer() + "\"},\"context\":{\"page\":\"home\"},\"limit\":10}",
                "X-Request-Id",
                "system-test-1",
                "traceparent",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");

        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
        JsonNode body = answer.body();
        assertThat(java.util
                        .UUID
                        .fromString(body.path("prediction_id").asString())
                        .version())
                .isEqualTo(7);
        assertThat(body.path("application").asString()).isEqualTo("storefront");
        assertThat(body.path("application_version").asInt()).isPositive();
        assertThat(body.path("degraded")).isEmpty();
        assertThat(body.path("results")).hasSize(10).allSatisfy(result -> {
            assertThat(result.path("id").asString()).isNotEmpty();
            assertThat(result.path("score").isNumber()).isTrue();
            assertThat(result.path("fields").path("description").asString()).isNotEmpty();
        });
        assertThat(body.path("models").findValuesAsString("model"))
                .contains("storefront-user-tower", "storefront-ranker");
        assertThat(body.path("timings_us").path("total").asLong()).isPositive();
        assertThat(answer.header("X-Request-Id")).isEqualTo("system-test-1");
        assertThat(answer.header("traceparent")).startsWith("00-4bf92f3577b34da6a3ce929d0e0e4736-");
    }

    @Test
    @Order(3)
    void answersACustomerNobodyKnows() {
        Gateway.Answer answer = gateway.predict("{\"entities\":{\"customer\":\"nobody-knows-her\"},\"limit\":20}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(ids(answer)).hasSize(20).doesNotHaveDuplicates();
        assertThat(answer.body().path("degraded")).isEmpty();
    }

    @Test
    @Order(4)
    void keepsExcludedItemsOut() {
        String customer = aCustomer();
        List<String> first = ids(gateway.predict(request(customer, 20, List.of())));
        List<String> second = ids(gateway.predict(request(customer, 20, first)));

        assertThat(second).hasSize(20).doesNotContainAnyElementsOf(first);
    }

    @TestFactory
    @Order(5)
    Stream<DynamicTest> saysWhatToChange() {
        Gateway nobody = new Gateway(millrace.gateway(), null);
        String path = "/v1/applications/storefront/predictions";
        String valid = "{\"entities\":{\"customer\":\"1\"}}";
        return Stream.of(
                refused("wrong JSON", gateway.post(path, "{\"entities\":"), 400, "malformed-body", ""),
                refused(
                        "an unknown field",
                        gateway.post(path, "{\"entities\":{\"customer\":\"1\"},\"limits\":3}"),
                        422,
                        "validation",
                        "/limits"),
                refused(
                        "a wrong type",
                        gateway.post(path, "{\"entities\":{\"customer\":17850}}"),
                        422,
                        "validation",
                        "/entities/customer"),
                refused(
                        "a missing entity",
                        gateway.post(path, "{\"entities\":{}}"),
                        422,
                        "validation",
                        "/entities/customer"),
                refused(
                        "a limit out of range",
                        gateway.post(path, "{\"entities\":{\"customer\":\"1\"},\"limit\":1000}"),
                        422,
                        "validation",
                        "/limit"),
                refused(
                        "an unknown application",
                        gateway.post("/v1/applications/nothing/predictions", valid),
                        404,
                        "unknown-application",
                        ""),
                refused("no key", nobody.post(path, valid), 401, "unauthenticated", ""),
                refused(
                        "a body too large",
                        gateway.post(path, "{\"context\":{\"page\":\"" + "x".repeat(2_000_000) + "\"}}"),
                        413,
                        "body-too-large",
                        ""),
                refused(
                        "a wrong deadline",
                        gateway.post(path, valid, "Request-Timeout-Ms", "soon"),
                        422,
                        "validation",
                        ""),
                refused("an unknown path", gateway.get("/v1/nothing"), 404, "not-found", ""));
    }

    private static DynamicTest refused(String what, Gateway.Answer answer, int status, String type, String pointer) {
        return DynamicTest.dynamicTest(what, () -> {
            assertThat(answer.status()).as(answer.body().toString()).isEqualTo(status);
            assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
            assertThat(answer.body().path("type").asString()).isEqualTo("/problems/" + type);
            assertThat(answer.body().path("detail").asString()).isNotEmpty();
            assertThat(answer.body().path("instance").asString()).isEqualTo(answer.header("X-Request-Id"));
            if (!pointer.isEmpty()) {
                assertThat(answer.body().path("errors").findValuesAsString("pointer"))
                        .contains(pointer);
            }
        });
    }

    @Test
    @Order(6)
    void changesACustomersFeaturesWithinASecondOfAnEvent() {
        String customer = "system-test-" + Instant.now().toEpochMilli();
        List<String> items =
                ids(gateway.predict(request(customer, 20, List.of()))).subList(17, 20);
        StringBuilder events = new StringBuilder();
        for (String item : items) {
            events.append(events.isEmpty() ? "" : ",")
                    .append("{\"id\":\"" + customer + item + "\",\"type\":\"view\",\"time\":\"" + Instant.now()
                            + "\",\"entities\":{\"customer\":\"" + customer + "\",\"item\":\"" + item + "\"}}");
        }

        Gateway.Answer accepted = gateway.post("/v1/events", "{\"events\":[" + events + "]}");
        Instant answered = Instant.now();

        assertThat(accepted.status()).as(accepted.body().toString()).isEqualTo(202);
        assertThat(accepted.body().path("accepted").asInt()).isEqualTo(3);
        String path = "/v1/entities/customer/" + customer + "/features";
        Millrace.await(
                "the feature",
                Duration.ofSeconds(5),
                () -> recentItems(gateway.get(path)).size() == 3);
        assertThat(Duration.between(answered, Instant.now())).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    @Order(6)
    void findsAnItemNobodyKnewWithinAMinuteOfItsFirstEvent() {
        String item = "system-test-item-" + Instant.now().toEpochMilli();
        Gateway.Answer accepted = gateway.post(
                "/v1/events",
                "{\"events\":[{\"id\":\"" + item + "\",\"type\":\"item\",\"time\":\"" + Instant.now()
                        + "\",\"entities\":{\"item\":\"" + item + "\"},\"value\":{\"description\":\"Large red mug\","
                        + "\"category\":\"ceramics\",\"price\":4.5,\"in_stock\":false}}]}");
        assertThat(accepted.status()).as(accepted.body().toString()).isEqualTo(202);

        String search = "{\"vector\":{\"embedding\":[1" + ",1".repeat(63)
                + "]},\"limit\":1,\"filter\":{\"must\":[{\"ids\":[\"" + item + "\"]}]}}";
        Millrace.await(
                "the item in a search",
                Duration.ofMinutes(1),
                () -> gateway.post("/v1/collections/storefront-items/points:query", search)
                        .body()
                        .toString()
                        .contains(item));
    }

    @Test
    @Order(7)
    void reportsEveryPart() {
        Millrace.Said status = millrace.run("status");

        assertThat(status.exitCode()).as(status.output()).isZero();
        assertThat(status.output())
                .contains("gateway", "app", "feature", "vector", "inference", "kafka", "postgres", "redis");
    }

    @Test
    @Order(7)
    void refusesASecondStartThatAsksForSomethingElse() {
        Millrace.Said again = millrace.run("up", "--detach");
        assertThat(again.exitCode()).as(again.output()).isZero();
        assertThat(again.output()).contains("up already");

        Millrace.Said elsewhere = new Millrace(millrace.portBase() + 200, millrace.state()).run("up", "--detach");
        assertThat(elsewhere.exitCode()).as(elsewhere.output()).isOne();
        assertThat(elsewhere.output()).contains("MILLRACE_PORT_BASE=" + millrace.portBase());
    }

    @Test
    @Order(8)
    void comesBackWithItsDataAfterTheLauncherWasKilled() {
        String customer = aCustomer();
        List<String> before = ids(gateway.predict(request(customer, 10, List.of())));
        up.kill();

        up = millrace.up().ready();

        assertThat(ids(gateway.predict(request(customer, 10, List.of())))).isEqualTo(before);
    }

    @Test
    @Order(9)
    void endsOnInterruptAndLeavesNoProcess() {
        assertThat(up.interrupt()).isIn(0, 130);

        assertThat(millrace.processes()).isEmpty();
        assertThat(millrace.run("status").exitCode()).isNotZero();
    }

    @Test
    @Order(10)
    void namesABusyPort() throws java.io.IOException {
        try (var busy =
                new java.net.ServerSocket(millrace.portBase() + 2, 1, java.net.InetAddress.getLoopbackAddress())) {
            Millrace.Said said = millrace.run("up", "--detach");

            assertThat(said.exitCode()).isNotZero();
            assertThat(said.output()).contains(Integer.toString(busy.getLocalPort()), "feature", "MILLRACE_PORT_BASE");
        }
        assertThat(millrace.processes()).isEmpty();
    }

    /** The customer that the closing lines of {@code up} name. */
    private String aCustomer() {
        Matcher matcher = CUSTOMER.matcher(up.output());
        assertThat(matcher.find()).as(up.output()).isTrue();
        return matcher.group(1);
    }

    private static String request(String customer, int limit, List<String> exclude) {
        String excluded = exclude.isEmpty() ? "" : ",\"exclude\":[\"" + String.join("\",\"", exclude) + "\"]";
        return "{\"entities\":{\"customer\":\"" + customer + "\"},\"limit\":" + limit + excluded + "}";
    }

    private static List<String> ids(Gateway.Answer answer) {
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
        return answer.body().path("results").findValuesAsString("id");
    }

    private static List<String> recentItems(Gateway.Answer answer) {
        return answer.status() != 200
                ? List.of()
                : StreamSupport.stream(answer.body().path("features").spliterator(), false)
                        .filter(feature -> feature.path("name").asString().endsWith("recent_items"))
                        .flatMap(feature ->
                                StreamSupport.stream(feature.path("value").spliterator(), false))
                        .map(JsonNode::asString)
                        .toList();
    }
}
