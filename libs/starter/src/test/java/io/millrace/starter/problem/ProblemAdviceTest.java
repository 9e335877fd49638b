package io.millrace.starter.problem;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.wire.Problem;
import io.millrace.wire.ProblemType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.resttestclient.autoconfigure.AutoConfigureRestTestClient;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.client.RestTestClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.config.import=classpath:millrace-defaults.yml",
            "management.server.port=0",
            "millrace.http.max-body=10KB",
            "spring.grpc.server.enabled=false"
        })
@AutoConfigureRestTestClient
@ExtendWith(OutputCaptureExtension.class)
class ProblemAdviceTest {

    @Autowired
    private RestTestClient http;

    @LocalServerPort
    private int port;

    @Test
    void namesAnUnknownFieldByItsPointer() {
        Problem problem = refused("{\"lines\":[{\"sku\":\"a\",\"quantity\":1,\"colour\":\"red\"}]}", 422);

        assertThat(problem.type()).isEqualTo("/problems/validation");
        assertThat(problem.errors())
                .containsExactly(new Problem.Violation(
                        "/lines/0/colour",
                        "unknown-field",
                        "there is no field \"colour\" here; known are quantity, sku; leave it out"));
    }

    @Test
    void namesAValueOfTheWrongType() {
        assertThat(refused("{\"lines\":[{\"sku\":\"a\",\"quantity\":\"many\"}]}", 422)
                        .errors())
                .containsExactly(new Problem.Violation("/lines/0/quantity", "wrong-type", "write an integer"));
        assertThat(refused("{\"lines\":[{\"sku\":\"a\",\"quantity\":\"3\"}]}", 422)
                        .errors())
                .extracting(Problem.Violation::pointer)
                .containsExactly("/lines/0/quantity");
        assertThat(refused("{\"lines\":7}", 422).errors())
                .containsExactly(new Problem.Violation("/lines", "wrong-type", "write an array"));
    }

    @Test
    void saysThatABodyIsNotJson() {
        assertThat(refused("{\"lines\":[", 400).type()).isEqualTo("/problems/malformed-body");
        assertThat(refused("", 400).type()).isEqualTo("/problems/malformed-body");
    }

    @Test
    void carriesTheRequestIdAndWhenToComeBack() {
        http.post()
                .uri("/orders")
                .header("X-Request-Id", "order-1")
                .contentType(MediaType.APPLICATION_JSON)
                .body("{\"lines\":[]}")
                .exchange()
                .expectStatus()
                .isEqualTo(503)
                .expectHeader()
                .valueEquals("Retry-After", "2")
                .expectHeader()
                .valueEquals("X-Request-Id", "order-1")
                .expectBody(Problem.class)
                .value(problem -> assertThat(problem.instance()).isEqualTo("order-1"));
    }

    @Test
    void answersAWrongPathMethodAndMediaTypeAsProblems() {
        http.get()
                .uri("/nothing")
                .exchange()
                .expectStatus()
                .isNotFound()
                .expectBody(Problem.class)
                .value(problem -> assertThat(problem.type()).isEqualTo("/problems/not-found"));
        http.get()
                .uri("/orders")
                .exchange()
                .expectStatus()
                .isEqualTo(405)
                .expectBody(Problem.class)
                .value(problem -> assertThat(problem.detail()).isEqualTo("use POST"));
        http.post()
                .uri("/orders")
                .contentType(MediaType.TEXT_PLAIN)
                .body("hello")
                .exchange()
                .expectStatus()
                .isEqualTo(415)
                .expectBody(Problem.class)
                .value(problem -> assertThat(problem.detail()).contains("application/json"));
    }

    @Test
    void refusesABodyOverTheLimitWithAndWithoutAStatedLength() throws Exception {
        String large = "{\"lines\":[" + " ".repeat(20_000) + "]}";
        assertThat(refused(large, 413).type()).isEqualTo("/problems/body-too-large");

        HttpResponse<String> chunked = send(HttpRequest.newBuilder(uri("/orders"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large.getBytes(UTF_8)))));
        assertThat(chunked.statusCode()).isEqualTo(413);
        assertThat(chunked.body()).contains("send at most 10240 bytes");
    }

    @Test
    void saysThatNoAcceptedMediaTypeIsThere() throws Exception {
        for (String accept : List.of("image/png", "no media type")) {
            HttpResponse<String> answer = send(HttpRequest.newBuilder(uri("/greeting"))
                    .header("Accept", accept)
                    .GET());
            assertThat(answer.statusCode()).isEqualTo(406);
            assertThat(answer.body()).contains("/problems/not-acceptable");
        }
    }

    @Test
    void answersWhatSpringItselfRefusesAsTheCallersMistake() throws Exception {
        HttpResponse<String> missing = send(HttpRequest.newBuilder(uri("/page")).GET());
        assertThat(missing.statusCode()).isEqualTo(422);
        assertThat(missing.body()).contains("/problems/validation", "number");
        HttpResponse<String> wrong =
                send(HttpRequest.newBuilder(uri("/page?number=x")).GET());
        assertThat(wrong.statusCode()).isEqualTo(422);

        HttpResponse<String> form = send(HttpRequest.newBuilder(uri("/orders"))
                .header("Content-Type", "multipart/form-data")
                .POST(HttpRequest.BodyPublishers.ofString("--x")));
        assertThat(form.statusCode()).isEqualTo(415);
        for (String path : List.of("/orders", "/anything")) {
            for (String type : List.of(";;;", "*/*", "application/*")) {
                HttpResponse<String> garbage = send(HttpRequest.newBuilder(uri(path))
                        .header("Content-Type", type)
                        .POST(HttpRequest.BodyPublishers.ofString("{}")));
                assertThat(garbage.statusCode()).as(path + " " + type).isEqualTo(415);
            }
        }
    }

    @Test
    void saysNothingOfAClientThatLeftAndNoMoreThanNeededOfABug(CapturedOutput output) throws Exception {
        assertThat(new ProblemAdvice().unexpected(new IOException("Broken pipe")))
                .isNull();
        assertThat(output).doesNotContain("Broken pipe");

        HttpResponse<String> bug = send(HttpRequest.newBuilder(uri("/bug")).GET());
        assertThat(bug.statusCode()).isEqualTo(500);
        assertThat(bug.body()).contains("/problems/internal").doesNotContain("secret", "Exception", "io.millrace");
        assertThat(output).contains("request failed", "secret");
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    private Problem refused(String body, int status) {
        Problem problem = http.post()
                .uri("/orders")
                .contentType(MediaType.APPLICATION_JSON)
                .body(body)
                .exchange()
                .expectStatus()
                .isEqualTo(status)
                .expectHeader()
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .expectBody(Problem.class)
                .returnResult()
                .getResponseBody();
        return java.util.Objects.requireNonNull(problem);
    }

    record Order(List<Line> lines) {
        record Line(String sku, int quantity) {}
    }

    @SpringBootApplication
    @RestController
    static class Shop {

        @GetMapping("/greeting")
        Map<String, String> greeting() {
            return Map.of("hello", "you");
        }

        @GetMapping("/page")
        int page(@RequestParam int number) {
            return number;
        }

        @PostMapping("/anything")
        void anything(@RequestBody byte[] body) {}

        @GetMapping("/bug")
        void bug() {
            throw new IllegalStateException("secret");
        }

        @PostMapping(path = "/orders", consumes = MediaType.APPLICATION_JSON_VALUE)
        void order(@RequestBody Order order) {
            throw ProblemException.retryAfter(
                    Duration.ofSeconds(2), ProblemType.UNAVAILABLE, "the shop is closed", new IllegalStateException());
        }
    }
}
