package io.millrace.local.supervision;

import io.millrace.local.infra.KafkaProcess;
import io.millrace.local.infra.PostgresServer;
import io.millrace.local.infra.RedisServer;
import io.millrace.local.supervision.RunningParts.Stage;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import org.apache.kafka.common.KafkaException;

/** Starts Postgres, Kafka and Redis, each with the data of the run before. */
final class Infrastructure {

    static final String DATABASE = "millrace";

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private static final List<String> BROKER = List.of("-Xmx256m");

    private static final String CLASS_PATH = System.getProperty("java.class.path");

    private final Rehearsal kafka = new KafkaRehearsal();
    private final StateFolder state;
    private final Ports ports;
    private final RunningParts parts;
    private final Progress progress;

    Infrastructure(StateFolder state, Ports ports, RunningParts parts, Progress progress) {
        this.state = state;
        this.ports = ports;
        this.parts = parts;
        this.progress = progress;
    }

    /** The parts by name that a service must find when it starts. */
    Map<String, Concurrently.Start> stores() {
        return Map.of("postgres", this::startPostgres, "redis", this::startRedis);
    }

    /** The broker, for which services wait while they start. */
    Map<String, Concurrently.Start> broker() {
        return Map.of("kafka", this::startKafka);
    }

    private void startPostgres() throws PartFailed {
        progress.show("postgres", PartState.STARTING, "");
        Redirect log = Redirect.appendTo(parts.newLog("postgres").toFile());
        try {
            var server = PostgresServer.start(
                    state.data("postgres"),
                    state.binaries().resolve("postgres"),
                    ports.postgres(),
                    state.secret("postgres-superuser-password"),
                    log);
            parts.add("postgres", Stage.INFRASTRUCTURE, server.process(), server::close);
            server.createDatabase(DATABASE, state.secret("postgres-password"));
            parts.ready("postgres");
        } catch (IOException | SQLException e) {
            throw new PartFailed("postgres", "postgres does not start: " + e.getMessage(), e);
        }
        progress.show("postgres", PartState.READY, ":" + ports.postgres());
    }

    private void startKafka() throws PartFailed, InterruptedException {
        progress.show("kafka", PartState.STARTING, "");
        try {
            List<String> command = command(
                    state.data("kafka").toString(),
                    Integer.toString(ports.kafka()),
                    Integer.toString(ports.kafkaController()));
            parts.start("kafka", Stage.INFRASTRUCTURE, kafka.cache().using(command), ServiceProcess.FRUGAL);
        } catch (IOException e) {
            throw new PartFailed("kafka", "kafka cannot be started: " + e.getMessage(), e);
        }
        try (var thread = Executors.newVirtualThreadPerTaskExecutor()) {
            var topics = CompletableFuture.runAsync(this::createTopics, thread);
            try {
                parts.await("kafka", "to serve", PATIENCE, topics::isDone);
                topics.join();
                parts.ready("kafka");
            } catch (CompletionException e) {
                throw new PartFailed("kafka", "kafka does not serve: " + e.getCause(), e);
            } catch (IOException e) {
                throw new PartFailed("kafka", "The state folder cannot be written: " + e, e);
            } finally {
                thread.shutdownNow();
            }
        }
        progress.show("kafka", PartState.READY, ":" + ports.kafka());
    }

    private static List<String> command(String... arguments) {
        var rest = new ArrayList<>(List.of("-cp", CLASS_PATH, KafkaProcess.class.getName()));
        rest.addAll(List.of(arguments));
        return JavaCommand.lean(BROKER, rest);
    }

    /** The broker, whose start is a good part of the whole. */
    Rehearsal kafka() {
        return kafka;
    }

    private final class KafkaRehearsal implements Rehearsal {

        @Override
        public String title() {
            return "kafka";
        }

        @Override
        public AotCache cache() throws IOException {
            Path folder = Files.createDirectories(state.unpacked("kafka"));
            List<Path> jars = Arrays.stream(CLASS_PATH.split(File.pathSeparator))
                    .map(Path::of)
                    .filter(Files::isRegularFile)
                    .toList();
            return AotCache.of(folder, jars, command());
        }

        @Override
        public List<String> making(AotCache cache, Path data) {
            return cache.making(command(data.toString()));
        }

        @Override
        public Map<String, String> environment(Path data) {
            return ServiceProcess.FRUGAL;
        }
    }

    private void createTopics() {
        try {
            KafkaTopics.create(ports.kafkaBootstrap());
        } catch (InterruptedException e) {
            throw new KafkaException(e);
        }
    }

    private void startRedis() throws PartFailed, InterruptedException {
        progress.show("redis", PartState.STARTING, "");
        Path log = parts.newLog("redis");
        try {
            var server = RedisServer.launch(
                    state.data("redis"),
                    state.binaries().resolve("redis"),
                    ports.redis(),
                    true,
                    Redirect.appendTo(log.toFile()));
            parts.add("redis", Stage.INFRASTRUCTURE, server.process(), server::close);
            server.awaitReady();
            parts.ready("redis");
        } catch (IOException e) {
            throw new PartFailed("redis", "redis does not start: " + e.getMessage(), e);
        }
        progress.show("redis", PartState.READY, ":" + ports.redis());
    }
}
