package io.millrace.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.millrace.testing.ApiDocument;
import io.millrace.testing.HostileRequests;
import io.millrace.testing.Provokes;
import io.millrace.testing.RawHttp;
import io.millrace.wire.Problem;
import io.millrace.wire.ProblemType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.json.JsonMapper;

/** The gateway on a port of its own, in front of a small real server. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"management.server.port=0", "millrace.gateway.admission.max-body=10KB"})
@ExtendWith(OutputCaptureExtension.class)
class GatewayTest {

    private static final String KEY = "a-key-for-this-test";
    private static final Upstream UPSTREAM = new Upstream();

    @TempDir
    static Path folder;

    @LocalServerPort
    private int port;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @DynamicPropertySource
    static void services(DynamicPropertyRegistry properties) throws IOException {
        Path keyFile = Files.writeString(folder.resolve("key"), KEY + "\n");
        properties.add("millrace.gateway.identity.key-file", keyFile::toString);
        properties.add("millrace.gateway.routes.app", UPSTREAM::address);
        properties.add("millrace.gateway.routes.feature", UPSTREAM::address);
        properties.add("millrace.gateway.routes.vector", () -> "http://127.0.0.1:1"); // nobody listens there
        properties.add("millrace.gateway.routes.inference", () -> "http://127.0.0.1:1");
    }

    @BeforeEach
    void forget() {
        UPSTREAM.seen.clear();
    }

    @AfterAll
    static void close() {
        UPSTREAM.server.stop(0);
    }

    @Test
    void passesARequestOnWithoutTheKeyButWithTenantIdAndTrace() throws Exception {
        HttpResponse<String> answer = send(post("/v1/events", "{}")
                .header("X-Request-Id", "order-1")
                .header("X-Millrace-Tenant", "somebody-else")
                .header("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().allValues("X-Request-Id")).containsExactly("order-1");
        Upstream.Seen seen = UPSTREAM.next();
        assertThat(seen.path()).isEqualTo("/v1/events");
        assertThat(seen.header("Authorization")).isNull();
        assertThat(seen.header("X-Millrace-Tenant")).isEqualTo("default");
        assertThat(seen.header("X-Request-Id")).isEqualTo("order-1");
        assertThat(seen.header("traceparent"))
                .startsWith("00-4bf92f3577b34da6a3ce929d0e0e4736-")
                .doesNotContain("00f067aa0ba902b7")
                .isEqualTo(answer.headers().firstValue("traceparent").orElse(""));
    }

    @Test
    void findsTheServiceOfEachPath() throws Exception {
        send(post("/feast/get-online-features", "{}"));
        assertThat(UPSTREAM.next().path()).isEqualTo("/get-online-features");
        send(get("/feast/health"));
        assertThat(UPSTREAM.next().path()).isEqualTo("/health");
        send(get("/v1/predictions/01a20be3-4d87-740f-ab49-d6e973c49072"));
        assertThat(UPSTREAM.next().path()).isEqualTo("/v1/predictions/01a20be3-4d87-740f-ab49-d6e973c49072");
        send(get("/v1/applications/shop"));
        assertThat(UPSTREAM.next().path()).isEqualTo("/v1/applications/shop");
        problem(send(post("/feast/materialize", "{}")), 404, "not-found");
    }

    @Provokes(ProblemType.UNAUTHENTICATED)
    @Test
    void asksForAKeyAndRefusesAWrongOne() throws Exception {
        for (HttpRequest.Builder request : new HttpRequest.Builder[] {
            HttpRequest.newBuilder(uri("/v1/events")),
            HttpRequest.newBuilder(uri("/v1/events")).header("Authorization", "Bearer wrong"),
            HttpRequest.newBuilder(uri("/v1/events")).header("Authorization", "Basic " + KEY)
        }) {
            HttpResponse<String> answer = send(request.GET());

            Problem problem = problem(answer, 401, "unauthenticated");
            assertThat(problem.instance())
                    .isEqualTo(answer.headers().firstValue("X-Request-Id").orElse(""));
            assertThat(answer.headers().firstValue("WWW-Authenticate").orElse(""))
                    .startsWith("Bearer");
        }
    }

    @Provokes(ProblemType.BODY_TOO_LARGE)
    @Test
    void refusesABodyOverTheLimitWithAndWithoutAStatedLength() throws Exception {
        String large = "x".repeat(20_000);
        problem(send(post("/v1/events", large)), 413, "body-too-large");

        HttpRequest.BodyPublisher chunked = HttpRequest.BodyPublishers.ofInputStream(
                () -> new ByteArrayInputStream(large.getBytes(StandardCharsets.UTF_8)));
        problem(
                send(HttpRequest.newBuilder(uri("/v1/events"))
                        .header("Authorization", "Bearer " + KEY)
                        .POST(chunked)),
                413,
                "body-too-large");
    }

    @Test
    void answersABodyFarOverTheLimitInsteadOfBreakingTheConnection() throws Exception {
        problem(send(post("/v1/events", "x".repeat(3_000_000))), 413, "body-too-large");
    }

    @Provokes(ProblemType.DEADLINE_EXCEEDED)
    @Test
    void endsTheWaitAtTheCallersDeadline() throws Exception {
        UPSTREAM.hold = new CountDownLatch(1);
        try {
            HttpResponse<String> answer = send(post("/v1/events", "{}").header("Request-Timeout-Ms", "150"));

            problem(answer, 503, "deadline-exceeded");
            assertThat(answer.headers().firstValue("Retry-After")).isPresent();
            assertThat(UPSTREAM.next().header("Request-Timeout-Ms")).isEqualTo("140");
        } finally {
            UPSTREAM.hold.countDown();
            UPSTREAM.hold = new CountDownLatch(0);
        }
    }

    @Test
    void tellsTheServiceHowLongItHas() throws Exception {
        send(post("/v1/events", "{}"));
        assertThat(UPSTREAM.next().header("Request-Timeout-Ms")).isEqualTo("9990");
    }

    @Provokes(ProblemType.VALIDATION)
    @Test
    void refusesADeadlineThatIsNone() throws Exception {
        problem(send(post("/v1/events", "{}").header("Request-Timeout-Ms", "soon")), 422, "validation");
        problem(send(post("/v1/events", "{}").header("Request-Timeout-Ms", "60001")), 422, "validation");
    }

    @Provokes(ProblemType.UNAVAILABLE)
    @Test
    void saysThatAServiceIsAwayInTheShapeOfItsProtocol() throws Exception {
        problem(send(get("/v1/collections/items")), 503, "unavailable");

        HttpResponse<String> inference = send(get("/v2/models/ranker"));
        assertThat(inference.statusCode()).isEqualTo(503);
        assertThat(new JsonMapper().readTree(inference.body()).path("error").asString())
                .contains("does not answer");
    }

    @Test
    void answersInTheProtocolsShapeUnderV2WhateverIsWrong() throws Exception {
        HttpRequest.Builder withoutKey =
                HttpRequest.newBuilder(uri("/v2/models/ranker")).GET();
        assertThat(inferenceError(send(withoutKey), 401)).contains("Bearer KEY");
        assertThat(inferenceError(send(get("/v2/models/ranker").header("Request-Timeout-Ms", "soon")), 422))
                .contains("Request-Timeout-Ms");
        assertThat(inferenceError(send(post("/v2/models/ranker/infer", "x".repeat(20_000))), 413))
                .contains("10240 bytes");
        assertThat(inferenceError(send(get("/v2/health/ready")), 503)).contains("does not answer");
    }

    private static String inferenceError(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        tools.jackson.databind.JsonNode json = new JsonMapper().readTree(answer.body());
        assertThat(json.propertyNames()).containsExactly("error");
        return json.path("error").stringValue();
    }

    @Test
    void neverBlamesItselfForWhatACallerSends() {
        String key = "Authorization: Bearer " + KEY + "\r\n";
        String events = "{\"events\":[{\"id\":\"e\",\"type\":\"view\"}]}";

        assertThat(HostileRequests.around("POST", "/v1/events", key, events))
                .hasSizeGreaterThan(80)
                .allSatisfy(request -> request.sendTo(port));
        assertThat(HostileRequests.around("POST", "/v1/events", "", events))
                .allSatisfy(request -> request.sendTo(port));
        assertThat(HostileRequests.around("POST", "/v1/collections/items/points:query", key, events))
                .allSatisfy(request -> request.sendTo(port));
    }

    @Test
    void saysNothingOfAClientThatLeaves(CapturedOutput output) throws Exception {
        UPSTREAM.hold = new CountDownLatch(1);
        String headers = "Authorization: Bearer " + KEY + "\r\nContent-Type: application/json\r\n";
        try {
            RawHttp.leave(
                    port,
                    RawHttp.request(
                            "POST",
                            "/v1/events",
                            headers + "Content-Length: 100\r\n",
                            "{\"ev".getBytes(StandardCharsets.UTF_8)));
            RawHttp.leave(
                    port,
                    RawHttp.request(
                            "POST",
                            "/v1/events",
                            headers + "Content-Length: 2\r\n",
                            "{}".getBytes(StandardCharsets.UTF_8)));
        } finally {
            UPSTREAM.hold.countDown();
            UPSTREAM.hold = new CountDownLatch(0);
        }
        assertThat(send(get("/v1/applications/shop")).statusCode()).isEqualTo(200);
        assertThat(output).doesNotContain("ERROR", "\tat ");
    }

    @Provokes(ProblemType.NOT_FOUND)
    @Test
    void answersAPathThatNobodyHas() throws Exception {
        problem(send(get("/v1/nothing")), 404, "not-found");
        problem(send(get("/actuator/health")), 404, "not-found");
    }

    @Test
    void passesAServicesProblemOnAsItIs() throws Exception {
        HttpResponse<String> answer = send(get("/v1/entities/customer/unknown/features"));

        Upstream.Seen seen = UPSTREAM.next();
        assertThat(seen.path()).isEqualTo("/v1/entities/customer/unknown/features");
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).isEqualTo(Upstream.NOT_FOUND);
    }

    @Test
    void givesTheWholeApiAsOneDocumentAndRoutesAllOfIt() throws Exception {
        HttpResponse<String> document =
                send(HttpRequest.newBuilder(uri("/v1/openapi.json")).GET());
        assertThat(document.statusCode()).isEqualTo(200);
        assertThat(new JsonMapper().readTree(document.body()).path("openapi").stringValue())
                .isEqualTo("3.1.0");
        HttpResponse<String> page = send(HttpRequest.newBuilder(uri("/docs")).GET());
        assertThat(page.headers().firstValue("Content-Type").orElse("")).startsWith("text/html");
        assertThat(page.body()).contains("/v1/openapi.json");

        for (String tag : List.of("app", "feature", "vector", "inference")) {
            for (String operation : ApiDocument.operations(tag)) {
                String[] parts = operation.split(" ");
                HttpRequest.Builder request = get(parts[1].replaceAll("[{]\\w+}", "x"))
                        .header("Content-Type", "application/json")
                        .method(parts[0], HttpRequest.BodyPublishers.ofString("{}"));
                assertThat(send(request).statusCode())
                        .as(operation)
                        .isEqualTo(
                                tag.equals("vector") || tag.equals("inference")
                                        ? 503 // nobody listens there in this test
                                        : operation.contains("/v1/entities") ? 404 : 200);
            }
        }
    }

    @Test
    void explainsAProblemAtItsType() throws Exception {
        HttpResponse<String> known =
                send(HttpRequest.newBuilder(uri("/problems/body-too-large")).GET());
        assertThat(known.statusCode()).isEqualTo(200);
        assertThat(new JsonMapper().readTree(known.body()).path("status").asInt())
                .isEqualTo(413);

        problem(send(HttpRequest.newBuilder(uri("/problems/no-such")).GET()), 404, "not-found");
    }

    private static Problem problem(HttpResponse<String> answer, int status, String slug) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        Problem problem = new JsonMapper().readValue(answer.body(), Problem.class);
        assertThat(problem.type()).isEqualTo("/problems/" + slug);
        assertThat(problem.detail()).isNotBlank();
        return problem;
    }

    private HttpRequest.Builder get(String path) {
        return HttpRequest.newBuilder(uri(path))
                .header("Authorization", "Bearer " + KEY)
                .GET();
    }

    private HttpRequest.Builder post(String path, String body) {
        return HttpRequest.newBuilder(uri(path))
                .header("Authorization", "Bearer " + KEY)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Remembers what it was asked; answers 404 under /v1/entities and an empty object elsewhere. */
    private static final class Upstream {

        static final String NOT_FOUND = "{\"type\":\"/problems/unknown-feature\",\"title\":\"t\",\"status\":404}";

        record Seen(String path, com.sun.net.httpserver.Headers headers) {

            @org.jspecify.annotations.Nullable
            String header(String name) {
                return headers.getFirst(name);
            }
        }

        private final BlockingQueue<Seen> seen = new LinkedBlockingQueue<>();
        private final HttpServer server;
        private volatile CountDownLatch hold = new CountDownLatch(0);

        Upstream() {
            try {
                server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
            server.createContext("/", this::answer);
            server.setExecutor(java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor());
            server.start();
        }

        private void answer(HttpExchange exchange) throws IOException {
            exchange.getRequestBody().readAllBytes();
            seen.add(new Seen(exchange.getRequestURI().getPath(), exchange.getRequestHeaders()));
            try {
                hold.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            boolean entities = exchange.getRequestURI().getPath().startsWith("/v1/entities");
            byte[] body = (entities ? NOT_FOUND : "{}").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", entities ? Problem.MEDIA_TYPE : "application/json");
            exchange.getResponseHeaders()
                    .set("X-Request-Id", exchange.getRequestHeaders().getFirst("X-Request-Id"));
            exchange.sendResponseHeaders(entities ? 404 : 200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        }

        Seen next() throws InterruptedException {
            Seen next = seen.poll(5, TimeUnit.SECONDS);
            assertThat(next).as("a request to the service").isNotNull();
            return java.util.Objects.requireNonNull(next);
        }

        String address() {
            return "http://127.0.0.1:" + server.getAddress().getPort();
        }
    }
}
