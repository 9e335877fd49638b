package io.millrace.inference.service;

import io.millrace.inference.InferenceApplication;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** The service as a process of its own, which may crash and whose memory can be weighed. */
public final class ServiceProcess implements AutoCloseable {

    private final HttpClient client = HttpClient.newHttpClient();
    private final Process process;
    private final int httpPort;
    private final int grpcPort;

    private ServiceProcess(Process process, int httpPort, int grpcPort) {
        this.process = process;
        this.httpPort = httpPort;
        this.grpcPort = grpcPort;
    }

    /** @param log what the service says goes there */
    public static ServiceProcess start(Path repository, Path log, String... settings) throws IOException {
        int httpPort = freePort();
        int grpcPort = freePort();
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xms256m", // all of it from the start, so that what grows later is not the heap
                "-Xmx256m",
                "-XX:+AlwaysPreTouch",
                "-XX:+UseSerialGC",
                InferenceApplication.class.getName(),
                "--server.port=" + httpPort,
                "--spring.grpc.server.port=" + grpcPort,
                "--management.server.port=" + freePort(),
                "--millrace.inference.repository=" + repository));
        command.addAll(List.of(settings));
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path")); // see ProofCommand
        builder.environment().put("MALLOC_ARENA_MAX", "2"); // as the launcher and the image set it
        var service = new ServiceProcess(builder.start(), httpPort, grpcPort);
        try {
            Awaitility.await().atMost(Duration.ofMinutes(2)).until(service::isReady);
        } catch (RuntimeException e) {
            service.close();
            throw new IOException("the service did not become ready; it said:\n" + Files.readString(log), e);
        }
        return service;
    }

    public int httpPort() {
        return httpPort;
    }

    public int grpcPort() {
        return grpcPort;
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Memory that is in use by the process now, in KiB. */
    public long residentKib() throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .map(line -> line.replaceAll("\\D", ""))
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElseThrow();
    }

    public HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(uri(path)).GET());
    }

    public HttpResponse<String> post(String path, String json) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(uri(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.timeout(Duration.ofMinutes(1)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + httpPort + path);
    }

    private boolean isReady() throws InterruptedException {
        try {
            return get("/v2/health/ready").statusCode() == 200;
        } catch (IOException _) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        client.close();
    }
}
