package io.millrace.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Socket;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class InfraTest {

    @Test
    void everyDatabaseIsNewAndOwnedByItsUser() throws Exception {
        Postgres first = Infra.postgres();
        Postgres second = Infra.postgres();

        execute(first, "CREATE SCHEMA app; CREATE TABLE app.t (id int)");
        execute(second, "CREATE SCHEMA app; CREATE TABLE app.t (id int)");
    }

    @Test
    void aWrongPasswordOpensNothing() {
        Postgres database = Infra.postgres();

        assertThatThrownBy(() -> execute(new Postgres(database.jdbcUrl(), database.username(), "guess"), "SELECT 1"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("password authentication failed");
    }

    @Test
    void aTopicAppearsWhenItIsFirstNamed() throws Exception {
        Map<String, Object> client = Map.of(
                "bootstrap.servers", Infra.kafkaBootstrap(), "group.id", "infra-test", "auto.offset.reset", "earliest");
        try (var producer = new KafkaProducer<>(client, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>("infra-test", "key", "value")).get();
        }
        try (var consumer = new KafkaConsumer<>(client, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of("infra-test"));
            var records = consumer.poll(Duration.ofSeconds(20));
            while (records.isEmpty()) {
                records = consumer.poll(Duration.ofSeconds(20));
            }
            assertThat(records).extracting(each -> each.value()).containsExactly("value");
        }
    }

    @Test
    void redisAnswers() throws Exception {
        HostAndPort redis = Infra.redis();

        try (var socket = new Socket(redis.host(), redis.port())) {
            socket.getOutputStream().write("SET key value\r\nGET key\r\n".getBytes(US_ASCII));
            byte[] answer = "+OK\r\n$5\r\nvalue\r\n".getBytes(US_ASCII);
            assertThat(socket.getInputStream().readNBytes(answer.length)).isEqualTo(answer);
        }
    }

    private static void execute(Postgres database, String sql) throws SQLException {
        try (var connection =
                        DriverManager.getConnection(database.jdbcUrl(), database.username(), database.password());
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
