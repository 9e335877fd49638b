package io.millrace.inference.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import inference.GRPCInferenceServiceGrpc;
import inference.InferParameter;
import inference.InferTensorContents;
import inference.ModelInferRequest;
import inference.ModelInferResponse;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.inference.OnnxFile;
import io.millrace.inference.TestModels;
import io.millrace.testing.ApiDocument;
import io.millrace.testing.HostileRequests;
import io.millrace.testing.RawHttp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** What callers find: the documented paths, and no harm done if they leave early or send what nobody should. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.grpc.server.port=0",
            "management.server.port=0",
            "millrace.inference.scan-interval=50ms",
            "millrace.inference.proof.enabled=false"
        })
class CallersTest {

    private static final String ROW =
            "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1,2],\"data\":[1,2]}]}";
    private static final String INDEX = "{\"ready\":true}";

    /** A request is held back for company for longer than a test waits, once two have come in that time. */
    private static final String HELD_YAML = TestModels.DENSE_YAML + "max_queue_delay: 600s\ntimeout: 900s\n";

    @TempDir
    static Path root;

    private final int port;
    private final MeterRegistry meters;
    private final ManagedChannel grpc;

    CallersTest(@LocalServerPort int port, @Autowired GrpcServerLifecycle server, @Autowired MeterRegistry meters) {
        this.port = port;
        this.meters = meters;
        grpc = NettyChannelBuilder.forAddress("127.0.0.1", server.getPort())
                .usePlaintext()
                .build();
    }

    @AfterEach
    void close() {
        grpc.shutdownNow();
    }

    @DynamicPropertySource
    static void repository(DynamicPropertyRegistry registry) {
        var models = new TestModels(root);
        for (String model : List.of("closed", "half", "pipelined", "left", "late")) {
            models.write(model, 1, HELD_YAML, OnnxFile.dense(2, 1, 1).bytes());
        }
        models.write("dense", 1, TestModels.DENSE_YAML, OnnxFile.dense(2, 1, 1).bytes());
        registry.add("millrace.inference.repository", root::toString);
    }

    @BeforeEach
    void awaitReadiness() {
        await().until(() -> RawHttp.send(port, RawHttp.request("GET", "/v2/models/pipelined/ready", "", new byte[0]))
                        .status()
                == 200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"closed", "half"})
    void whatNobodyWaitsForIsNotRun(String model) throws IOException {
        assertThat(RawHttp.send(port, infer(model)).status()).isEqualTo(200);

        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write(infer(model));
            await().until(() -> waiting(model) == 1);
            if (model.equals("half")) {
                socket.shutdownOutput();
                await().until(() -> ended(model, "cancelled") == 1);
            }
        }

        await().atMost(Duration.ofSeconds(10)).until(() -> ended(model, "cancelled") == 1);
        assertThat(waiting(model)).isZero();
        assertThat(meters.get("millrace.inference.batch.size")
                        .tag("model", model)
                        .summary()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void whatNobodyWaitsForOverGrpcIsNotRunEither() {
        GRPCInferenceServiceGrpc.newBlockingStub(grpc).modelInfer(message("left"));

        Future<ModelInferResponse> answer =
                GRPCInferenceServiceGrpc.newFutureStub(grpc).modelInfer(message("left"));
        await().until(() -> waiting("left") == 1);
        answer.cancel(true);

        await().until(() -> ended("left", "cancelled") == 1);
        assertThat(waiting("left")).isZero();
    }

    @Test
    void whoseTimeIsOverHearsOfIt() {
        ModelInferRequest hurried = message("late").toBuilder()
                .putParameters(
                        "timeout",
                        InferParameter.newBuilder().setInt64Param(50_000).build())
                .build();
        GRPCInferenceServiceGrpc.newBlockingStub(grpc).modelInfer(hurried);

        assertThatThrownBy(() -> GRPCInferenceServiceGrpc.newBlockingStub(grpc).modelInfer(hurried))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        refused -> assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED));
        assertThat(ended("late", "deadline_exceeded")).isEqualTo(1);
    }

    private static ModelInferRequest message(String model) {
        return ModelInferRequest.newBuilder()
                .setModelName(model)
                .addInputs(ModelInferRequest.InferInputTensor.newBuilder()
                        .setName("x")
                        .setDatatype("FP32")
                        .addAllShape(List.of(1L, 2L))
                        .setContents(InferTensorContents.newBuilder().addAllFp32Contents(List.of(1f, 2f))))
                .build();
    }

    @Test
    void aCallerThatSendsItsNextRequestAlreadyHasNotLeft() throws Exception {
        assertThat(RawHttp.send(port, infer("pipelined")).status()).isEqualTo(200);

        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            byte[] first = new String(infer("pipelined"), UTF_8)
                    .replace("Connection: close\r\n", "")
                    .getBytes(UTF_8);
            socket.getOutputStream().write(first);
            socket.getOutputStream().write(infer("pipelined"));
            await().until(() -> waiting("pipelined") == 1);
            await().during(Duration.ofMillis(200)).until(() -> waiting("pipelined") == 1);
            assertThat(RawHttp.send(port, infer("pipelined", 7)).status()).isEqualTo(200); // fills the batch

            await().until(() -> waiting("pipelined") == 1);
            assertThat(ended("pipelined", "cancelled")).isZero();
        }
        await().until(() -> ended("pipelined", "cancelled") == 1);
    }

    @Test
    void whatIsHostileIsTheCallersMistake() {
        assertThat(HostileRequests.around("POST", "/v2/models/dense/infer", "", ROW))
                .hasSizeGreaterThan(80)
                .allSatisfy(hostile -> hostile.sendTo(port));
        assertThat(HostileRequests.around("POST", "/v2/repository/index", "", INDEX))
                .allSatisfy(hostile -> hostile.sendTo(port));
        assertThat(HostileRequests.around("POST", "/v2/repository/models/dense/load", "", "{\"parameters\":{}}"))
                .allSatisfy(hostile -> hostile.sendTo(port));
    }

    @Test
    void isDocumentedAsItIs(@Autowired RequestMappingHandlerMapping mappings) {
        Set<String> operations = new TreeSet<>();
        mappings.getHandlerMethods().forEach((mapping, handler) -> {
            if (handler.getBeanType().getPackageName().startsWith("io.millrace.")) {
                mapping.getMethodsCondition()
                        .getMethods()
                        .forEach(method ->
                                mapping.getPatternValues().forEach(path -> operations.add(method + " " + path)));
            }
        });

        assertThat(operations).isEqualTo(ApiDocument.operations("inference"));
    }

    private static byte[] infer(String model) {
        return infer(model, 1);
    }

    private static byte[] infer(String model, int rows) {
        String row = "1,2";
        byte[] body = ROW.replace("[1,2],\"data\"", "[" + rows + ",2],\"data\"")
                .replace("\"data\":[1,2]", "\"data\":[" + row + ("," + row).repeat(rows - 1) + "]")
                .getBytes(UTF_8);
        return RawHttp.request(
                "POST", "/v2/models/" + model + "/infer", "Content-Length: " + body.length + "\r\n", body);
    }

    private double waiting(String model) {
        return meters.get("millrace.inference.queue.rows")
                .tag("model", model)
                .gauge()
                .value();
    }

    private double ended(String model, String outcome) {
        return meters.get("millrace.inference.requests")
                .tag("model", model)
                .tag("outcome", outcome)
                .counter()
                .count();
    }
}
