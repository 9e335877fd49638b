package io.millrace.testing;

import io.millrace.local.infra.FreePort;
import io.millrace.local.infra.KafkaBroker;
import io.millrace.local.infra.PostgresServer;
import io.millrace.local.infra.RedisServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Real Postgres, Kafka and Redis for tests, without Docker.
 *
 * <p>Each starts with the first test that asks for it, serves all tests of the JVM and ends with it; its data are in a
 * temporary folder. Tests keep apart by database, topic and key, not by server.
 */
public final class Infra {

    private static final Running RUNNING = new Running();
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private static final Supplier<PostgresServer> POSTGRES = RUNNING.once(() ->
            PostgresServer.start(RUNNING.folder("postgres"), binaries(), FreePort.any(), "postgres", Redirect.DISCARD));

    private static final Supplier<KafkaBroker> KAFKA =
            RUNNING.once(() -> KafkaBroker.start(RUNNING.folder("kafka"), FreePort.any(), FreePort.any(), true));

    private static final Supplier<RedisServer> REDIS = RUNNING.once(
            () -> RedisServer.start(RUNNING.folder("redis"), binaries(), FreePort.any(), false, Redirect.DISCARD));

    private Infra() {}

    /** A new, empty database with a user who owns it. */
    public static Postgres postgres() {
        String name = "test" + DATABASES.incrementAndGet();
        try {
            POSTGRES.get().createDatabase(name, name);
        } catch (SQLException e) {
            throw new IllegalStateException("no database for this test", e);
        }
        return new Postgres(POSTGRES.get().jdbcUrl(name), name, name);
    }

    /** A broker, as {@code host:port}, which creates a topic, of one partition, when it is first named. */
    public static String kafkaBootstrap() {
        return KAFKA.get().bootstrap();
    }

    /** A Redis server that saves nothing. */
    public static HostAndPort redis() {
        return new HostAndPort("127.0.0.1", REDIS.get().port());
    }

    /** The unpacked binaries are kept between runs: they come from the class path and change only with it. */
    private static Path binaries() {
        return Path.of(System.getProperty("java.io.tmpdir"), "millrace-binaries-" + System.getProperty("user.name"));
    }

    /** The servers of this JVM, closed in reverse order when it ends. */
    private static final class Running {

        private final Deque<AutoCloseable> servers = new ArrayDeque<>();
        private final Path root;

        Running() {
            try {
                root = Files.createTempDirectory("millrace-test");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            Runtime.getRuntime().addShutdownHook(new Thread(this::close, "millrace-infra-closer"));
        }

        Path folder(String name) {
            return root.resolve(name);
        }

        <T extends AutoCloseable> Supplier<T> once(Start<T> start) {
            return new Supplier<>() {
                private @Nullable T server;

                @Override
                public T get() {
                    synchronized (Running.this) {
                        if (server == null) {
                            server = started(start);
                            servers.push(server);
                        }
                        return server;
                    }
                }
            };
        }

        private static <T> T started(Start<T> start) {
            try {
                return start.start();
            } catch (IOException | SQLException e) {
                throw new IllegalStateException("a server for tests does not start", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while a server for tests started", e);
            }
        }

        private synchronized void close() {
            for (AutoCloseable server : servers) {
                try {
                    server.close();
                } catch (Exception e) { // the others are to be closed all the same
                    System.err.println("a server for tests does not stop: " + e);
                }
            }
            delete(root);
        }

        private static void delete(Path folder) {
            try (var paths = Files.walk(folder)) {
                for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(path);
                }
            } catch (IOException | UncheckedIOException e) {
                System.err.println("left behind: " + folder + " (" + e.getMessage() + ")");
            }
        }
    }

    private interface Start<T> {
        T start() throws IOException, SQLException, InterruptedException;
    }
}
