package io.millrace.starter.problem;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.wire.Problem;
import io.millrace.wire.ProblemType;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.resttestclient.autoconfigure.AutoConfigureRestTestClient;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.client.RestTestClient;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.config.import=classpath:millrace-defaults.yml",
            "management.server.port=0",
            "spring.grpc.server.enabled=false"
        })
@AutoConfigureRestTestClient
class ProblemAdviceTest {

    @Autowired
    private RestTestClient http;

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

        @PostMapping(path = "/orders", consumes = MediaType.APPLICATION_JSON_VALUE)
        void order(@RequestBody Order order) {
            throw ProblemException.retryAfter(
                    Duration.ofSeconds(2), ProblemType.UNAVAILABLE, "the shop is closed", new IllegalStateException());
        }
    }
}
