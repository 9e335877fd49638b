package io.millrace.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.testing.Infra;
import io.millrace.testing.Postgres;
import io.millrace.vector.v1.DescribeCollectionRequest;
import io.millrace.vector.v1.DescribeCollectionResponse;
import io.millrace.wire.Point;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.client.RestTestClient;

class VectorServiceRestartTest {

    private static final Map<String, Object> NOTHING_THERE = Map.of(
            "spring.datasource.url",
            "jdbc:postgresql://127.0.0.1:1/none",
            "spring.datasource.hikari.connection-timeout",
            "250",
            "spring.kafka.bootstrap-servers",
            "127.0.0.1:1",
            "spring.kafka.consumer.properties.default.api.timeout.ms",
            "500");

    @TempDir
    Path data;

    @Test
    void goesOnFromItsOwnDiskWithoutPostgresAndKafkaAndCatchesUpWhenTheyAreBack() {
        Postgres postgres = Infra.postgres();
        try (PointsTopic topic = new PointsTopic()) {
            try (RunningVectorService service = RunningVectorService.start(data, postgres, "0s")) {
                define(service, "restarted").expectStatus().isOk();
                topic.send(point("a"));
                await().until(() -> points(service) == 1);
            }
            topic.send(point("b"));

            try (RunningVectorService service = RunningVectorService.start(data, NOTHING_THERE)) {
                assertThat(points(service)).isEqualTo(1);
                await().untilAsserted(() -> service.management()
                        .get()
                        .uri("/actuator/health/readiness")
                        .exchange()
                        .expectStatus()
                        .isOk());
                define(service, "new")
                        .expectStatus()
                        .isEqualTo(503)
                        .expectHeader()
                        .valueEquals("Retry-After", "1")
                        .expectBody()
                        .jsonPath("$.type")
                        .isEqualTo("/problems/unavailable");
            }

            try (RunningVectorService service = RunningVectorService.start(data, postgres, "0s")) {
                await().until(() -> points(service) == 2);
            }
        }
    }

    @Test
    void aNewServiceWithoutPostgresIsNotReadyAndSaysWhy() {
        try (RunningVectorService service = RunningVectorService.start(data, NOTHING_THERE)) {
            service.management()
                    .get()
                    .uri("/actuator/health/readiness")
                    .exchange()
                    .expectStatus()
                    .isEqualTo(503)
                    .expectBody()
                    .jsonPath("$.components.collections.details.reason")
                    .value(reason -> assertThat(reason.toString()).contains("Postgres is away"));
            service.http()
                    .get()
                    .uri("/v1/collections/unknown-yet")
                    .exchange()
                    .expectStatus()
                    .isEqualTo(503);
        }
    }

    private static RestTestClient.ResponseSpec define(RunningVectorService service, String collection) {
        return service.http()
                .put()
                .uri("/v1/collections/{collection}", collection)
                .contentType(MediaType.APPLICATION_JSON)
                .body("{\"vectors\": {\"embedding\": {\"size\": 2, \"distance\": \"cosine\"}}}")
                .exchange();
    }

    private static Point point(String id) {
        return new Point("restarted", "tower-1", id, 1, new float[] {1, 2}, Map.of());
    }

    private static long points(RunningVectorService service) {
        return service
                .grpc()
                .describeCollection(DescribeCollectionRequest.newBuilder()
                        .setCollection("restarted")
                        .build())
                .getGenerationsList()
                .stream()
                .mapToLong(DescribeCollectionResponse.Generation::getPoints)
                .sum();
    }
}
