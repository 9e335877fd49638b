package io.millrace.local.infra;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ProcessBuilder.Redirect;
import java.net.Socket;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each server is started, given something, stopped, started on the same folder, and has it still. */
class RestartTest {

    @TempDir
    private Path folder;

    private final int port = FreePort.any();

    @Test
    void postgresKeepsItsRowsAndDemandsPasswords() throws Exception {
        try (var server = postgres()) {
            server.createDatabase("millrace", "secret");
            execute("secret", "CREATE TABLE t AS SELECT 42 AS answer");
        }
        try (var server = postgres()) {
            server.createDatabase("millrace", "secret");
            execute("secret", "INSERT INTO t VALUES (43)");
            assertThatThrownBy(() -> execute("guess", "SELECT 1"))
                    .hasMessageContaining("password authentication failed");
            assertThat(PostgresServer.leftOn(folder.resolve("data"))).contains(server.process());
        }
        assertThat(PostgresServer.leftOn(folder.resolve("data"))).isEmpty();
    }

    private PostgresServer postgres() throws Exception {
        Path binaries =
                Path.of(System.getProperty("java.io.tmpdir"), "millrace-binaries-" + System.getProperty("user.name"));
        return PostgresServer.start(folder.resolve("data"), binaries, port, "superuser's", Redirect.DISCARD);
    }

    private void execute(String password, String sql) throws SQLException {
        String url = "jdbc:postgresql://127.0.0.1:" + port + "/millrace";
        try (var connection = DriverManager.getConnection(url, "millrace", password);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void kafkaKeepsItsRecords() throws Exception {
        int controller = FreePort.any();
        Map<String, Object> client = Map.of("bootstrap.servers", "127.0.0.1:" + port);
        try (var _ = KafkaBroker.start(folder, port, controller, true);
                var producer = new KafkaProducer<>(client, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>("kept", "key", "value")).get();
        }
        try (var _ = KafkaBroker.start(folder, port, controller, false);
                var consumer = new KafkaConsumer<>(client, new StringDeserializer(), new StringDeserializer())) {
            var partition = new TopicPartition("kept", 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            var records = consumer.poll(Duration.ofSeconds(10));
            while (records.isEmpty()) {
                records = consumer.poll(Duration.ofSeconds(10));
            }
            assertThat(records).extracting(each -> each.value()).containsExactly("value");
        }
    }

    @Test
    void redisKeepsItsKeysWhereThatIsAskedFor() throws Exception {
        try (var _ = redis()) {
            assertThat(say("SET key value")).isEqualTo("+OK\r\n");
        }
        try (var _ = redis()) {
            assertThat(say("GET key")).isEqualTo("$5\r\nvalue\r\n");
        }
    }

    private RedisServer redis() throws Exception {
        return RedisServer.start(folder.resolve("data"), folder.resolve("binaries"), port, true, Redirect.DISCARD);
    }

    private String say(String command) throws Exception {
        try (var socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream().write((command + "\r\nQUIT\r\n").getBytes(US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), US_ASCII);
            return answer.substring(0, answer.length() - "+OK\r\n".length());
        }
    }
}
