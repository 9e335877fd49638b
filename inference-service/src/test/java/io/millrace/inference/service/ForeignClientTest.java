package io.millrace.inference.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.inference.OnnxFile;
import io.millrace.inference.TestModels;
import io.millrace.testing.Needs;
import io.millrace.testing.Report;
import io.millrace.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The protocol as clients see it that have no stub of this project: npm's gRPC client, and curl. */
@Tag("long")
@Needs({Tool.NODE, Tool.CURL})
class ForeignClientTest {

    private static final Path DEFINITION =
            Path.of("../libs/wire-grpc/src/main/protobuf/inference/open_inference_grpc.proto");
    private static final List<String> PACKAGES = List.of("@grpc/grpc-js@1.14.0", "@grpc/proto-loader@0.8.0");

    private static final String ECHO_YAML = """
            platform: onnx_onnxv1
            max_batch_size: 8
            inputs: [{name: x, datatype: %s, width: 2}]
            outputs: [{name: y, datatype: %s}]
            """;

    @TempDir
    static Path root;

    @TempDir
    static Path work;

    private static ServiceProcess service;

    @BeforeAll
    static void start() throws IOException {
        var models = new TestModels(root);
        models.write("dense", 1, TestModels.DENSE_YAML, OnnxFile.dense(2, 1, 1).bytes());
        models.write("dense", 2, TestModels.DENSE_YAML, OnnxFile.dense(2, 1, 2).bytes());
        models.write("broken", 1, TestModels.DENSE_YAML, new byte[] {1, 2, 3});
        models.write(
                "tower",
                7,
                TestModels.EMBEDDING_YAML,
                OnnxFile.embedding(2, List.of("85123A", "Größe")).bytes());
        Map.ofEntries(
                        Map.entry("BOOL", OnnxFile.BOOL),
                        Map.entry("UINT8", OnnxFile.UINT8),
                        Map.entry("INT8", OnnxFile.INT8),
                        Map.entry("INT16", OnnxFile.INT16),
                        Map.entry("INT32", OnnxFile.INT32),
                        Map.entry("INT64", OnnxFile.INT64),
                        Map.entry("FP16", OnnxFile.FLOAT16),
                        Map.entry("FP32", OnnxFile.FLOAT),
                        Map.entry("FP64", OnnxFile.DOUBLE),
                        Map.entry("BF16", OnnxFile.BFLOAT16),
                        Map.entry("BYTES", OnnxFile.STRING))
                .forEach((datatype, type) -> models.write(
                        "echo-" + datatype.toLowerCase(Locale.ROOT),
                        1,
                        ECHO_YAML.formatted(datatype, datatype),
                        OnnxFile.echo(type, 2).bytes()));
        service = ServiceProcess.start(root, work.resolve("service.log"));
    }

    @AfterAll
    static void stop() {
        if (service != null) {
            service.close();
        }
    }

    @Test
    void npmsGrpcClientFindsTheProtocolServed() throws IOException, InterruptedException {
        Path folder = Files.createDirectories(Path.of("target/oip-client"));
        Files.writeString(folder.resolve("package.json"), "{\"private\": true}");
        Path npm = Tool.NODE.find().orElseThrow().resolveSibling("npm");
        run(folder, npm.toString(), "install", "--no-audit", "--no-fund", "--silent", PACKAGES.get(0), PACKAGES.get(1));
        try (var script = ForeignClientTest.class.getResourceAsStream("/oip/client.js")) {
            Files.write(folder.resolve("client.js"), script.readAllBytes());
        }

        String found = run(
                folder,
                Tool.NODE.find().orElseThrow().toString(),
                "client.js",
                DEFINITION.toAbsolutePath().normalize().toString(),
                "127.0.0.1:" + service.grpcPort());

        List<String> lines = found.strip().lines().toList();
        assertThat(lines).hasSize(11);
        Report.ofThisCommit()
                .write(
                        "open-inference-protocol",
                        "The Open Inference Protocol, judged by a foreign client",
                        "./millrace test --long -pl inference-service -am -Dtest=ForeignClientTest -Dsurefire.failIfNoSpecifiedTests=false",
                        """
                        %s over the protocol's definition, against the service as a process of its own. What it found to be so:

                        - %s
                        """.formatted(String.join(" and ", PACKAGES), String.join("\n- ", lines)));
    }

    @Test
    void curlFindsJsonAndBinaryTensorsServed() throws IOException, InterruptedException {
        String base = "http://127.0.0.1:" + service.httpPort();
        assertThat(curl("-w", "%{http_code}", base + "/v2/health/ready")).isEqualTo("200");
        // Without a content type of JSON, as curl sends it by itself.
        assertThat(curl(base + "/v2/models/dense/infer", "-d", """
                        {"id": "1", "inputs": [{"name": "x", "shape": [1, 2], "datatype": "FP32", "data": [[1, 2]]}]}""")).isEqualTo("""
                        {"model_name":"dense","model_version":"2","id":"1",\
                        "outputs":[{"name":"y","shape":[1,1],"datatype":"FP32","data":[6.0]}]}""");

        String json = """
                {"inputs": [{"name": "x", "shape": [1, 2], "datatype": "BYTES", "parameters": {"binary_data_size": 10}}]}""";
        Path body = work.resolve("body");
        Files.writeString(body, json + "\u0001\0\0\0a\u0001\0\0\0b");
        assertThat(curl(
                        base + "/v2/models/echo-bytes/infer",
                        "-H",
                        "Inference-Header-Content-Length: " + json.length(),
                        "-H",
                        "Content-Type: application/octet-stream",
                        "--data-binary",
                        "@" + body))
                .contains("\"data\":[\"a\",\"b\"]");
        assertThat(curl("-w", " %{http_code}", base + "/v2/models/absent/infer", "-d", "{\"inputs\": []}"))
                .isEqualTo("{\"error\":\"there is no model \\\"absent\\\"; known are "
                        + "[broken, dense, echo-bf16, echo-bool, echo-bytes, echo-fp16, echo-fp32, echo-fp64, echo-int16, "
                        + "echo-int32, echo-int64, echo-int8, echo-uint8, tower]\"} 404");
    }

    private static String curl(String... arguments) throws IOException, InterruptedException {
        String[] command = new String[arguments.length + 2];
        command[0] = Tool.CURL.find().orElseThrow().toString();
        command[1] = "-s";
        System.arraycopy(arguments, 0, command, 2, arguments.length);
        return run(work, command);
    }

    private static String run(Path folder, String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        return said;
    }
}
