package io.millrace.benchmarks.inference;

import com.google.protobuf.ByteString;
import inference.GRPCInferenceServiceGrpc;
import inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import inference.ModelInferRequest;
import inference.ModelReadyRequest;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.StatusRuntimeException;
import io.millrace.local.supervision.JavaCommand;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** inference-service as a process of its own, with one model, and callers over gRPC. */
final class InferenceServer implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Network network;
    private final Path folder;
    private final Process process;
    private final ManagedChannel channel;
    private final GRPCInferenceServiceBlockingStub stub;

    private InferenceServer(Network network, Path folder, Process process, ManagedChannel channel) {
        this.network = network;
        this.folder = folder;
        this.process = process;
        this.channel = channel;
        this.stub = GRPCInferenceServiceGrpc.newBlockingStub(channel);
    }

    /** @param home the repository, in which the service was built */
    static InferenceServer start(Path home, Network network, int instances) throws IOException, InterruptedException {
        Path jar;
        try (Stream<Path> built = Files.list(home.resolve("inference-service/target"))) {
            jar = built.filter(file -> file.toString().endsWith("-exec.jar"))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("inference-service is not built: ./mvnw package"));
        }
        Path folder = Files.createTempDirectory("millrace-bench");
        writeModel(folder.resolve(network.title()).resolve("1"), network, instances);
        int grpc = freePort();
        Process process = new ProcessBuilder(JavaCommand.full(
                        List.of("-Xmx256m", "-XX:+UseCompactObjectHeaders"),
                        List.of(
                                "-jar",
                                jar.toString(),
                                "--server.port=0",
                                "--management.server.port=0",
                                "--spring.grpc.server.port=" + grpc,
                                "--millrace.inference.repository=" + folder)))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("server.log").toFile())
                .start();
        ManagedChannel channel = ManagedChannelBuilder.forAddress("127.0.0.1", grpc)
                .usePlaintext()
                .maxInboundMessageSize(64 << 20)
                .build();
        var server = new InferenceServer(network, folder, process, channel);
        server.awaitReady();
        return server;
    }

    private static void writeModel(Path version, Network network, int instances) throws IOException {
        Files.createDirectories(version);
        byte[] onnx = network.onnx();
        Files.write(version.resolve("model.onnx"), onnx);
        Files.writeString(version.resolve("model.yaml"), network.modelYaml(instances));
        Files.writeString(
                version.resolve("manifest.json"), "{\"sha256\": {\"model.onnx\": \"%s\"}}".formatted(sha256(onnx)));
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has it", e);
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private void awaitReady() throws InterruptedException, IOException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        ModelReadyRequest question =
                ModelReadyRequest.newBuilder().setName(network.title()).build();
        while (System.nanoTime() < until && process.isAlive()) {
            try {
                if (stub.withDeadlineAfter(2, TimeUnit.SECONDS)
                        .modelReady(question)
                        .getReady()) {
                    return;
                }
            } catch (StatusRuntimeException _) {
                // It does not listen yet.
            }
            Thread.sleep(200);
        }
        String log = Files.readString(folder.resolve("server.log"));
        close();
        throw new IllegalArgumentException("inference-service did not start:\n" + log);
    }

    /** Rows a second to so many callers, each of which sends so many rows, raw, and waits. */
    double callers(int callers, int rows, Duration time) throws InterruptedException, ExecutionException {
        var request = ModelInferRequest.newBuilder()
                .setModelName(network.title())
                .addInputs(ModelInferRequest.InferInputTensor.newBuilder()
                        .setName("x")
                        .setDatatype("FP32")
                        .addShape(rows)
                        .addShape(network.width()))
                .addRawInputContents(ByteString.copyFrom(network.values(rows)))
                .build();
        long started = System.nanoTime();
        long until = started + time.toNanos();
        List<Future<Long>> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(callers)) {
            for (int i = 0; i < callers; i++) {
                answers.add(threads.submit(() -> {
                    long count = 0;
                    while (System.nanoTime() < until) {
                        stub.withDeadlineAfter(30, TimeUnit.SECONDS).modelInfer(request);
                        count += rows;
                    }
                    return count;
                }));
            }
        }
        long elapsed = System.nanoTime() - started;
        long all = 0;
        for (Future<Long> each : answers) {
            all += each.get();
        }
        return all * 1e9 / elapsed;
    }

    @Override
    public void close() throws IOException {
        channel.shutdownNow();
        process.destroy();
        process.onExit().join();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
