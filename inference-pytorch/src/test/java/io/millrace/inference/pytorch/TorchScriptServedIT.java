package io.millrace.inference.pytorch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged service as a process of its own, with and without the packaged engine beside it. */
class TorchScriptServedIT {

    private static final String YAML = """
            platform: pytorch_torchscript
            max_batch_size: 8
            inputs: [{name: x, datatype: FP32, width: 2}]
            outputs: [{name: y, datatype: FP32}]
            """;
    private static final String ROW = """
            {"inputs": [{"name": "x", "datatype": "FP32", "shape": [1, 2], "data": [1, 2]}]}""";

    @TempDir
    Path folder;

    @Test
    void aTorchScriptArchiveIsTriedOutAndAnswersWhereTheEngineIsSwitchedOn() throws Exception {
        write("linear", linear());
        write(
                "damaged",
                new String(linear(), java.nio.charset.StandardCharsets.ISO_8859_1)
                        .replace("torch.linear(", "torch.lineal(")
                        .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));

        try (Service service = new Service("--millrace.inference.engines.pytorch=target/engine")) {
            assertThat(service.await("/v2/models/linear/infer", ROW, answer -> answer.statusCode() == 200))
                    .contains("\"data\":[5.25,-1.5,5.0]");
            assertThat(service.await(
                            "/v2/repository/index", "", answer -> answer.body().contains("\"UNAVAILABLE\"")))
                    .contains("PyTorch cannot load the file");
        }
    }

    @Test
    void itIsRefusedWithTheReasonWhereTheEngineIsNot() throws Exception {
        write("linear", linear());

        try (Service service = new Service("--millrace.inference.proof.enabled=false")) {
            assertThat(service.await(
                            "/v2/repository/index", "", answer -> answer.body().contains("\"UNAVAILABLE\"")))
                    .contains("PyTorch is switched off here");
        }
    }

    private void write(String model, byte[] archive) throws Exception {
        Path version = Files.createDirectories(folder.resolve(model).resolve("1"));
        Files.write(version.resolve("model.pt"), archive);
        Files.writeString(version.resolve("model.yaml"), YAML);
        String hash =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(archive));
        Files.writeString(version.resolve("manifest.json"), "{\"sha256\": {\"model.pt\": \"" + hash + "\"}}");
    }

    private static byte[] linear() throws IOException {
        try (InputStream in = TorchScriptServedIT.class.getResourceAsStream("/linear.pt")) {
            return Objects.requireNonNull(in).readAllBytes();
        }
    }

    private final class Service implements AutoCloseable {

        private static final long PATIENCE_NANOS = 180_000_000_000L;

        private final int port = freePort();
        private final HttpClient client = HttpClient.newHttpClient();
        private final Path log = Files.createTempFile(folder, "service", ".log");
        private final Process process;

        Service(String setting) throws IOException {
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-native-access=ALL-UNNAMED",
                    "-XX:+UseSerialGC",
                    "-Xmx256m",
                    "-jar",
                    jar().toString(),
                    "--server.port=" + port,
                    "--spring.grpc.server.port=0",
                    "--management.server.port=0",
                    "--millrace.inference.repository=" + folder,
                    setting));
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        }

        private static Path jar() throws IOException {
            try (Stream<Path> built = Files.list(Path.of("../inference-service/target"))) {
                return built.filter(file -> file.toString().endsWith("-exec.jar"))
                        .findFirst()
                        .orElseThrow();
            }
        }

        private static int freePort() throws IOException {
            try (var socket = new ServerSocket(0)) {
                return socket.getLocalPort();
            }
        }

        /** The first answer that is as wanted. */
        String await(String path, String body, Predicate<HttpResponse<String>> wanted) throws Exception {
            long until = System.nanoTime() + PATIENCE_NANOS;
            String last = "";
            while (System.nanoTime() - until < 0 && process.isAlive()) {
                try {
                    HttpResponse<String> answer = client.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                    .header("Content-Type", "application/json")
                                    .POST(BodyPublishers.ofString(body))
                                    .build(),
                            BodyHandlers.ofString(UTF_8));
                    if (wanted.test(answer)) {
                        return answer.body();
                    }
                    last = answer.body();
                } catch (IOException _) {
                    last = "it does not listen yet";
                }
                Thread.sleep(100);
            }
            throw new AssertionError(last + "\n" + Files.readString(log));
        }

        @Override
        public void close() {
            process.destroy();
            process.onExit().join();
        }
    }
}
