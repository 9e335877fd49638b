package io.millrace.local.infra;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postgresql.core.Utils;

/**
 * A PostgreSQL server as a process of its own, on the loopback, where every connection needs a password.
 *
 * <p>It runs without fsync: its data survive the end of any process, not a power cut.
 */
public final class PostgresServer implements AutoCloseable {

    private static final String ACCESS = """
            # written by Millrace: a password for every connection, and none from another machine
            host all all 127.0.0.1/32 scram-sha-256
            host all all ::1/128      scram-sha-256
            """;

    private final EmbeddedPostgres server;
    private final Path data;
    private final String password;

    private PostgresServer(EmbeddedPostgres server, Path data, String password) {
        this.server = server;
        this.data = data;
        this.password = password;
    }

    /**
     * Starts a server and returns when it takes connections.
     *
     * @param data its data folder, initialized at the first start
     * @param binaries where the binaries are unpacked
     * @param password of the superuser {@code postgres}; the same at every start on one data folder
     */
    public static PostgresServer start(Path data, Path binaries, int port, String password, Redirect log)
            throws IOException, SQLException {
        Files.createDirectories(data);
        EmbeddedPostgres embedded;
        try {
            embedded = EmbeddedPostgres.builder()
                    .setDataDirectory(data)
                    .setCleanDataDirectory(false)
                    .setOverrideWorkingDirectory(binaries.toFile())
                    .setRegisterShutdownHook(false)
                    .setPGStartupWait(Duration.ofSeconds(60))
                    .setConnectConfig("password", password)
                    .setServerConfig("listen_addresses", "127.0.0.1")
                    .setServerConfig("unix_socket_directories", "")
                    .setPort(port)
                    .setOutputRedirector(log)
                    .setErrorRedirector(log)
                    .start();
        } catch (IllegalStateException e) {
            throw new IOException(
                    "%s. As root PostgreSQL needs user namespaces (unshare -U): where those are switched off, run Millrace as another user."
                            .formatted(e.getMessage()),
                    e);
        }
        var server = new PostgresServer(embedded, data, password);
        try {
            server.demandPasswords();
        } catch (IOException | SQLException e) {
            server.close();
            throw e;
        }
        return server;
    }

    /** The postmaster that an earlier launcher left on this data folder, if it still runs. */
    public static Optional<ProcessHandle> leftOn(Path data) throws IOException {
        Path file = data.resolve("postmaster.pid");
        if (Files.notExists(file)) {
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(file); // process id, data folder, start in seconds since 1970, …
        if (lines.size() < 3) {
            return Optional.empty();
        }
        long start = Long.parseLong(lines.get(2).strip());
        return ProcessHandle.of(Long.parseLong(lines.getFirst().strip()))
                .filter(process -> process.info()
                        .startInstant()
                        .filter(instant -> Math.abs(instant.getEpochSecond() - start) <= 3)
                        .isPresent());
    }

    public int port() {
        return server.getPort();
    }

    public String password() {
        return password;
    }

    /** The postmaster, whose end ends the server. */
    public ProcessHandle process() throws IOException {
        long pid = Long.parseLong(
                Files.readAllLines(data.resolve("postmaster.pid")).getFirst().strip());
        return ProcessHandle.of(pid).orElseThrow(() -> new IOException("PostgreSQL, process " + pid + ", has ended"));
    }

    public String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port() + "/" + database;
    }

    /** Creates a role and a database of the same name that it owns, or sets the password of the one that is there. */
    public void createDatabase(String name, String password) throws SQLException {
        try (Connection connection = superuser();
                Statement statement = connection.createStatement()) {
            String role = quoted(name);
            if (!exists(statement, "SELECT 1 FROM pg_roles WHERE rolname = " + literal(name))) {
                statement.execute("CREATE ROLE " + role + " LOGIN");
            }
            statement.execute("ALTER ROLE " + role + " PASSWORD " + literal(password));
            if (!exists(statement, "SELECT 1 FROM pg_database WHERE datname = " + literal(name))) {
                statement.execute("CREATE DATABASE " + role + " OWNER " + role);
            }
        }
    }

    /** Ends the connections and stops the server. */
    @Override
    public void close() throws IOException {
        server.close();
    }

    private Connection superuser() throws SQLException {
        return server.getPostgresDatabase(Map.of("password", password)).getConnection();
    }

    private void demandPasswords() throws IOException, SQLException {
        Path access = data.resolve("pg_hba.conf");
        if (Files.readString(access).equals(ACCESS)) {
            return;
        }
        try (Connection connection = superuser();
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER ROLE postgres PASSWORD " + literal(password));
            Files.writeString(access, ACCESS);
            statement.execute("SELECT pg_reload_conf()");
        }
    }

    private static boolean exists(Statement statement, String query) throws SQLException {
        try (var rows = statement.executeQuery(query)) {
            return rows.next();
        }
    }

    private static String quoted(String identifier) throws SQLException {
        var quoted = new StringBuilder();
        Utils.escapeIdentifier(quoted, identifier);
        return quoted.toString();
    }

    private static String literal(String value) throws SQLException {
        return "'" + Utils.escapeLiteral(null, value, true) + "'";
    }
}
