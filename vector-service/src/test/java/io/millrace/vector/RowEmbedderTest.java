package io.millrace.vector;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import feast.proto.types.Value;
import io.millrace.testing.Infra;
import io.millrace.testing.Postgres;
import io.millrace.vector.v1.Hit;
import io.millrace.vector.v1.QueryRequest;
import io.millrace.wire.FeatureRow;
import io.millrace.wire.Point;
import io.millrace.wire.Topics;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.http.MediaType;

/** One service, which goes through the life of a model; the tests follow each other. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RowEmbedderTest {

    private static final String COLLECTION = "embedded";
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    private static final ByteString ONES = ByteString.copyFrom(ByteBuffer.allocate(8)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putFloat(1)
            .putFloat(1)
            .flip());

    @TempDir
    private static Path data;

    private static KafkaProducer<byte[], byte[]> producer;
    private static EmbeddingServer inference;
    private static RunningVectorService service;

    @BeforeAll
    static void start() throws Exception {
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", Infra.kafkaBootstrap()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        inference = EmbeddingServer.start("tower", 0, "tower-1");
        Postgres postgres = Infra.postgres();
        service = RunningVectorService.start(
                data,
                Map.of(
                        "millrace.vector.ingestion.unknown-collection-wait", "0s", // other tests' points are there
                        "spring.datasource.url", postgres.jdbcUrl(),
                        "spring.datasource.username", postgres.username(),
                        "spring.datasource.password", postgres.password(),
                        "spring.kafka.bootstrap-servers", Infra.kafkaBootstrap(),
                        "spring.grpc.client.channel.inference.target", "static://127.0.0.1:" + inference.port()));
        service.http()
                .put()
                .uri("/v1/collections/{collection}", COLLECTION)
                .contentType(MediaType.APPLICATION_JSON)
                .body("""
                        {"vectors": {"embedding": {"size": 2, "distance": "dot"}},
                         "payload_schema": {"description": "keyword", "price": "float", "in_stock": "bool"},
                         "embed": {"view": "catalogue", "model": "tower",
                                   "payload": {"description": "description", "price": "list_price", "in_stock": "in_stock"},
                                   "defaults": {"in_stock": true}}}
                        """)
                .exchange()
                .expectStatus()
                .isOk();
    }

    @AfterAll
    static void stop() {
        service.close();
        inference.close();
        producer.close();
    }

    @Test
    @Order(1)
    void aNewEntityIsFoundWithinSecondsOfItsRow() throws Exception {
        send("warm-up", NOON, Map.of());
        awaitHit("tower-1", "warm-up");

        long sent = System.nanoTime();
        send("tea-pot", NOON, Map.of("description", text("tea pot"), "list_price", number(2.5)));
        Hit hit = awaitHit("tower-1", "tea-pot");
        assertThat(Duration.ofNanos(System.nanoTime() - sent)).isLessThan(Duration.ofSeconds(5));

        // The server's vector is the description's length and the price, so this is how they were laid out.
        assertThat(hit.getScore()).isEqualTo(7 + 2.5f);
        assertThat(hit.getPayloadOrThrow("description").getStringValue()).isEqualTo("tea pot");
        assertThat(hit.getPayloadOrThrow("price").getDoubleValue()).isEqualTo(2.5);
        assertThat(hit.getPayloadOrThrow("in_stock").getBoolValue()).isTrue();
    }

    @Test
    @Order(2)
    void aPublishedPointIsNeverReplacedAndOneMadeHereIsWhenItsEntityHasChanged() throws Exception {
        try (PointsTopic topic = new PointsTopic()) {
            topic.send(new Point(
                    COLLECTION, "tower-1", "published", 0, new float[] {1, 1}, Map.of("description", "trained")));
        }
        awaitHit("tower-1", "published");

        send("published", Instant.now(), Map.of("description", text("from the row")));
        send("tea-pot", NOON.plusSeconds(1), Map.of("description", text("a better tea pot")));
        await().until(() -> payload(awaitHit("tower-1", "tea-pot")).equals("a better tea pot"));
        assertThat(payload(awaitHit("tower-1", "published"))).isEqualTo("trained");
    }

    @Test
    @Order(3)
    void nothingIsLostWhileInferenceIsAway() throws Exception {
        int port = inference.port();
        inference.close();
        send("while-away", NOON, Map.of("description", text("x")));
        send("while-away-too", NOON, Map.of("description", text("x")));
        await().pollDelay(Duration.ofSeconds(2))
                .until(() -> hit("tower-1", "while-away").isEmpty());

        inference = EmbeddingServer.start("tower", port, "tower-1");
        awaitHit("tower-1", "while-away");
        awaitHit("tower-1", "while-away-too");
    }

    @Test
    @Order(4)
    void aRowThatDoesNotFitGoesToTheDeadLettersAndTheOthersOfItsBatchGoOn() throws Exception {
        send("ugly", NOON, Map.of("description", number(3)));
        send("fine", NOON, Map.of("description", text("fine")));
        awaitHit("tower-1", "fine");
        assertThat(hit("tower-1", "ugly")).isEmpty();
    }

    @Test
    @Order(5)
    void aNewVersionOfTheModelEmbedsAllThatItsTrainerHasLeftOut() {
        int port = inference.port();
        inference.close();
        inference = EmbeddingServer.start("tower", port, "tower-2");
        awaitHit("tower-2", "tea-pot");
        awaitHit("tower-2", "fine");
    }

    private static String payload(Hit hit) {
        return hit.getPayloadOrThrow("description").getStringValue();
    }

    private static Hit awaitHit(String space, String id) {
        return await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .ignoreExceptions()
                .until(() -> hit(space, id), Optional::isPresent)
                .orElseThrow();
    }

    private static Optional<Hit> hit(String space, String id) {
        return service
                .grpc()
                .query(QueryRequest.newBuilder()
                        .setCollection(COLLECTION)
                        .setEmbeddingSpace(space)
                        .setVector(ONES)
                        .setLimit(100)
                        .build())
                .getHitsList()
                .stream()
                .filter(each -> each.getId().equals(id))
                .findFirst();
    }

    private static Value text(String text) {
        return Value.newBuilder().setStringVal(text).build();
    }

    private static Value number(double number) {
        return Value.newBuilder().setDoubleVal(number).build();
    }

    private static void send(String item, Instant time, Map<String, Value> values) throws Exception {
        Map<String, byte[]> bytes = new java.util.HashMap<>();
        values.forEach((name, value) -> bytes.put(name, value.toByteArray()));
        FeatureRow row = new FeatureRow(entityKey(item), "catalogue", time, bytes);
        producer.send(new ProducerRecord<>(Topics.FEATURE_ROWS, row.key(), FeatureRow.CODEC.encode(row)))
                .get();
    }

    /** As Feast writes it. */
    private static byte[] entityKey(String item) {
        byte[] id = item.getBytes(UTF_8);
        return ByteBuffer.allocate(5 * Integer.BYTES + 4 + id.length + 4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(1)
                .putInt(2)
                .putInt(4)
                .put("item".getBytes(UTF_8))
                .putInt(2)
                .putInt(id.length)
                .put(id)
                .put("shop".getBytes(UTF_8))
                .array();
    }
}
