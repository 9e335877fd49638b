package io.millrace.local.infra;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;

/**
 * One Kafka broker that is its own KRaft controller, on the loopback, in this JVM.
 *
 * <p>It keeps what it was told in its data folder and finds it again at the next start. It promises no more than one
 * broker can: every replication factor is 1, and an acknowledged record survives the end of the process, not the end
 * of the disk.
 */
public final class KafkaBroker implements AutoCloseable {

    private final KafkaRaftServer server;
    private final int port;

    private KafkaBroker(KafkaRaftServer server, int port) {
        this.server = server;
        this.port = port;
    }

    /**
     * Starts a broker and returns when it takes requests.
     *
     * @param data the folder of the logs, formatted at the first start
     * @param autoCreateTopics whether a topic appears when somebody first names it; for tests
     */
    public static KafkaBroker start(Path data, int port, int controllerPort, boolean autoCreateTopics)
            throws IOException {
        Files.createDirectories(data);
        Properties settings = settings(data, port, controllerPort, autoCreateTopics);
        if (Files.notExists(data.resolve("meta.properties"))) {
            format(data, settings);
        }
        var server = new KafkaRaftServer(new KafkaConfig(settings, false), Time.SYSTEM);
        server.startup();
        return new KafkaBroker(server, port);
    }

    /** Where clients find it, as {@code host:port}. */
    public String bootstrap() {
        return "127.0.0.1:" + port;
    }

    /** Closes the logs in good order; the next start is then fast. */
    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }

    private static Properties settings(Path data, int port, int controllerPort, boolean autoCreateTopics) {
        var settings = new Properties();
        settings.setProperty("process.roles", "broker,controller");
        settings.setProperty("node.id", "1");
        settings.setProperty("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
        settings.setProperty("controller.listener.names", "CONTROLLER");
        settings.setProperty(
                "listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
        settings.setProperty("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
        settings.setProperty("log.dirs", data.toString());
        settings.setProperty("auto.create.topics.enable", Boolean.toString(autoCreateTopics));
        settings.setProperty("num.partitions", "1");
        settings.setProperty("default.replication.factor", "1");
        settings.setProperty("offsets.topic.replication.factor", "1");
        settings.setProperty("offsets.topic.num.partitions", "1");
        settings.setProperty("transaction.state.log.replication.factor", "1");
        settings.setProperty("transaction.state.log.min.isr", "1");
        settings.setProperty("transaction.state.log.num.partitions", "1");
        settings.setProperty("share.coordinator.state.topic.replication.factor", "1");
        settings.setProperty("share.coordinator.state.topic.min.isr", "1");
        settings.setProperty("share.coordinator.state.topic.num.partitions", "1");
        // A lone broker that was killed waits for its own old session before it may lead again.
        settings.setProperty("broker.session.timeout.ms", "3000");
        settings.setProperty("broker.heartbeat.interval.ms", "300");
        settings.setProperty("group.initial.rebalance.delay.ms", "0");
        settings.setProperty("log.cleaner.dedupe.buffer.size", "2097152");
        return settings;
    }

    private static void format(Path data, Properties settings) throws IOException {
        Path file = Files.createTempFile("millrace-kafka", ".properties");
        try {
            try (var out = Files.newBufferedWriter(file)) {
                settings.store(out, null);
            }
            var said = new ByteArrayOutputStream();
            String[] arguments = {"format", "-t", Uuid.randomUuid().toString(), "-c", file.toString()};
            if (StorageTool.execute(arguments, new PrintStream(said, true, StandardCharsets.UTF_8)) != 0) {
                throw new IOException("Kafka cannot use " + data + ": " + said.toString(StandardCharsets.UTF_8));
            }
        } finally {
            Files.delete(file);
        }
    }
}
