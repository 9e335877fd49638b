package io.millrace.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.millrace.wire.Problem;
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
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.json.JsonMapper;

/** The gateway on a port of its own, in front of a small real server. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"management.server.port=0", "millrace.gateway.admission.max-body=10KB"})
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

    @Test
    void refusesADeadlineThatIsNone() throws Exception {
        problem(send(post("/v1/events", "{}").header("Request-Timeout-Ms", "soon")), 422, "validation");
        problem(send(post("/v1/events", "{}").header("Request-Timeout-Ms", "60001")), 422, "validation");
    }

    @Test
    void saysThatAServiceIsAwayInTheShapeOfItsProtocol() throws Exception {
        problem(send(get("/v1/collections/items")), 503, "unavailable");

        HttpResponse<String> inference = send(get("/v2/models/ranker"));
        assertThat(inference.statusCode()).isEqualTo(503);
        assertThat(new JsonMapper().readTree(inference.body()).path("error").asString())
                .contains("does not answer");
    }

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
