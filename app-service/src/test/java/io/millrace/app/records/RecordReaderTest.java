package io.millrace.app.records;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.testing.Infra;
import io.millrace.testing.Postgres;
import io.millrace.wire.PredictionRecord;
import io.millrace.wire.Topics;
import io.millrace.wire.UuidV7;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;

class RecordReaderTest {

    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.MICROS);

    private final Database database = new Database(Infra.postgres());
    private final RecordStore store = new RecordStore(new JdbcTemplate(database));
    private final DefaultKafkaProducerFactory<String, byte[]> producers = new DefaultKafkaProducerFactory<>(
            Map.of("bootstrap.servers", Infra.kafkaBootstrap()), new StringSerializer(), new ByteArraySerializer());
    private final KafkaTemplate<String, byte[]> kafka = new KafkaTemplate<>(producers);
    private final RecordTopic topic = new RecordTopic(kafka);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final RecordReader reader = new RecordReader(
            new DefaultKafkaConsumerFactory<>(
                    Map.of(
                            "bootstrap.servers",
                            Infra.kafkaBootstrap(),
                            "auto.offset.reset",
                            "earliest",
                            "enable.auto.commit",
                            false),
                    new StringDeserializer(),
                    new ByteArrayDeserializer()),
            UUID.randomUUID().toString(),
            store,
            topic,
            new RecordMetrics(meters));

    /** A database that can be away. */
    private static final class Database extends DriverManagerDataSource {

        private final AtomicInteger refused = new AtomicInteger();
        private volatile boolean away;

        Database(Postgres postgres) {
            super(postgres.jdbcUrl(), postgres.username(), postgres.password());
        }

        @Override
        public Connection getConnection() throws SQLException {
            if (away) {
                refused.incrementAndGet();
                throw new SQLException("away");
            }
            return super.getConnection();
        }
    }

    @BeforeEach
    void migrate() throws Exception {
        JdbcTemplate jdbc = new JdbcTemplate(database);
        jdbc.execute("create schema app");
        jdbc.execute("set search_path to app; "
                + Files.readString(Path.of("src/main/resources/db/migration/V2__prediction_records.sql")));
    }

    @AfterEach
    void stop() {
        reader.stop();
        producers.destroy();
    }

    @Test
    void leavesRecordsInKafkaWhilePostgresIsAwayAndStoresEachOnce() throws Exception {
        PredictionRecord first = record(NOW);
        database.away = true;
        publish(first);
        reader.start();
        await().atMost(Duration.ofSeconds(20)).until(() -> database.refused.get() >= 2);

        database.away = false;
        publish(first);
        PredictionRecord second = record(NOW);
        publish(second);

        await().atMost(Duration.ofSeconds(20))
                .until(() -> store.find("default", second.id()).isPresent());
        assertThat(store.find("default", first.id())).contains(first);
        assertThat(store.find("other", first.id())).isEmpty();
    }

    @Test
    void putsWhatIsNoRecordAmongTheDeadLettersAndGoesOn() throws Exception {
        PredictionRecord record = record(NOW);
        kafka.send(new ProducerRecord<>(Topics.PREDICTIONS, "default/x", "no record".getBytes(UTF_8)))
                .get();
        publish(record);
        reader.start();

        await().atMost(Duration.ofSeconds(20))
                .until(() -> store.find("default", record.id()).isPresent());
        assertThat(meters.counter("millrace.app.records", "outcome", "refused").count())
                .isGreaterThanOrEqualTo(1);
    }

    @Test
    void forgetsWhatIsOld() throws Exception {
        PredictionRecord old = record(NOW.minus(Duration.ofDays(8)));
        PredictionRecord young = record(NOW.minus(Duration.ofDays(6)));
        for (PredictionRecord each : List.of(old, young)) {
            store.add(List.of(
                    new RecordStore.Row("default", each.id(), each.time(), PredictionRecord.CODEC.encode(each))));
        }

        new RecordPurge(store, Duration.ofDays(7), () -> NOW).purge();

        assertThat(store.find("default", old.id())).isEmpty();
        assertThat(store.find("default", young.id())).isPresent();
    }

    private void publish(PredictionRecord record) throws Exception {
        topic.send(List.of(Envelope.of("default", record))).get();
    }

    private static PredictionRecord record(Instant time) {
        return new PredictionRecord(
                UuidV7.at(time.toEpochMilli()),
                "shop",
                1,
                time,
                null,
                Map.of("customer", "c1"),
                Map.of(),
                3,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }
}
