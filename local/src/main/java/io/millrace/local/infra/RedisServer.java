package io.millrace.local.infra;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import redis.embedded.core.ExecutableProvider;

/**
 * A Redis server as a process of its own, on the loopback.
 *
 * <p>The binary is, in this order: {@code MILLRACE_REDIS_SERVER}, the one that embedded-redis brings (6.2, needs OpenSSL
 * 3 on Linux), {@code redis-server} on the PATH. The first that says its version is taken.
 */
public final class RedisServer implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final Process process;
    private final int port;

    private RedisServer(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * Starts a server and returns when it answers PING.
     *
     * @param data where it keeps its snapshot
     * @param binaries where the embedded binary is unpacked
     * @param saved whether the data outlives the server: saved every minute when something changed, and at its end
     */
    public static RedisServer start(Path data, Path binaries, int port, boolean saved, Redirect log)
            throws IOException, InterruptedException {
        var server = launch(data, binaries, port, saved, log);
        try {
            server.awaitReady();
        } catch (IOException | InterruptedException e) {
            server.close();
            throw e;
        }
        return server;
    }

    /** Starts a server as {@link #start} does, and does not wait for it. */
    public static RedisServer launch(Path data, Path binaries, int port, boolean saved, Redirect log)
            throws IOException, InterruptedException {
        Files.createDirectories(data);
        var command = new ArrayList<>(List.of(binary(binaries).toString()));
        command.addAll(List.of("--port", Integer.toString(port), "--bind", "127.0.0.1", "--dir", data.toString()));
        command.addAll(List.of("--dbfilename", "dump.rdb", "--save"));
        command.addAll(saved ? List.of("60", "1") : List.of(""));
        var process = new ProcessBuilder(OwnSession.of(command))
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start();
        process.getOutputStream().close();
        return new RedisServer(process, port);
    }

    public int port() {
        return port;
    }

    public ProcessHandle process() {
        return process.toHandle();
    }

    /** Ends the server, which saves its data first where that was asked for. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** Returns when the server answers PING. */
    public void awaitReady() throws IOException, InterruptedException {
        Instant until = Instant.now().plus(PATIENCE);
        while (!answersPing()) {
            if (process.waitFor(20, TimeUnit.MILLISECONDS)) {
                throw new IOException("Redis ended with status " + process.exitValue() + " before it was ready");
            }
            if (Instant.now().isAfter(until)) {
                throw new IOException(
                        "Redis did not answer on port " + port + " within " + PATIENCE.toSeconds() + " s");
            }
        }
    }

    private boolean answersPing() {
        try (var socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
            socket.setSoTimeout(1000);
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            byte[] pong = "+PONG".getBytes(StandardCharsets.US_ASCII);
            return Arrays.equals(socket.getInputStream().readNBytes(pong.length), pong);
        } catch (IOException _) {
            return false; // not listening yet, or still loading its data
        }
    }

    private static Path binary(Path binaries) throws IOException, InterruptedException {
        var configured = System.getenv("MILLRACE_REDIS_SERVER");
        if (configured != null) {
            if (!runs(Path.of(configured))) {
                throw new IOException("MILLRACE_REDIS_SERVER is " + configured + ", which is no Redis that runs here");
            }
            return Path.of(configured);
        }
        Path embedded = unpacked(binaries);
        if (runs(embedded)) {
            return embedded;
        }
        Optional<Path> installed = OwnSession.onPath("redis-server");
        if (installed.isPresent() && runs(installed.get())) {
            return installed.get();
        }
        throw new IOException("The embedded Redis does not run on this machine (it needs OpenSSL 3) and there is no"
                + " redis-server on the PATH. Install Redis, or set MILLRACE_REDIS_SERVER to its binary.");
    }

    private static Path unpacked(Path binaries) throws IOException {
        Files.createDirectories(binaries);
        File folder = binaries.toFile();
        return ExecutableProvider.newJarResourceProvider(folder).get().toPath();
    }

    private static boolean runs(Path binary) throws InterruptedException {
        try {
            var process = new ProcessBuilder(binary.toString(), "--version")
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.DISCARD)
                    .start();
            return process.waitFor() == 0;
        } catch (IOException _) {
            return false;
        }
    }
}
