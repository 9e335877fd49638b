package io.millrace.inference.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import inference.GRPCInferenceServiceGrpc;
import inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import inference.InferParameter;
import inference.InferTensorContents;
import inference.ModelInferRequest;
import inference.ModelInferRequest.InferInputTensor;
import inference.ModelInferRequest.InferRequestedOutputTensor;
import inference.ModelInferResponse;
import inference.ModelMetadataRequest;
import inference.ModelMetadataResponse;
import inference.ModelReadyRequest;
import inference.ModelStatistics;
import inference.ModelStatisticsRequest;
import inference.RepositoryIndexRequest;
import inference.RepositoryModelUnloadRequest;
import inference.ServerLiveRequest;
import inference.ServerMetadataRequest;
import inference.ServerReadyRequest;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.inference.OnnxFile;
import io.millrace.inference.TestModels;
import io.millrace.inference.model.Datatype;
import io.millrace.inference.model.RawValues;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.resttestclient.autoconfigure.AutoConfigureRestTestClient;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.client.EntityExchangeResult;
import org.springframework.test.web.servlet.client.RestTestClient;

/** The whole service over its real ports, with small ONNX models. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.grpc.server.port=0",
            "management.server.port=0",
            "millrace.inference.scan-interval=50ms",
            "millrace.inference.proof.enabled=false" // what it is for is tested in ChildProofTest
        })
@AutoConfigureRestTestClient
class OpenInferenceProtocolTest {

    @TempDir
    static Path root;

    private static final String WIDE_YAML = """
            platform: onnx_onnxv1
            max_batch_size: 8
            inputs: [{name: x, datatype: FP32, width: 300000}]
            outputs: [{name: y, datatype: FP32}]
            """;

    private static final String ECHO_YAML = """
            platform: onnx_onnxv1
            max_batch_size: 8
            inputs: [{name: x, datatype: %s, width: 2}]
            outputs: [{name: y, datatype: %s}]
            """;

    /** The datatypes that ONNX Runtime's Java binding takes, with ONNX's number. */
    private static final Map<Datatype, Integer> ECHOES = Map.ofEntries(
            Map.entry(Datatype.BOOL, OnnxFile.BOOL),
            Map.entry(Datatype.UINT8, OnnxFile.UINT8),
            Map.entry(Datatype.INT8, OnnxFile.INT8),
            Map.entry(Datatype.INT16, OnnxFile.INT16),
            Map.entry(Datatype.INT32, OnnxFile.INT32),
            Map.entry(Datatype.INT64, OnnxFile.INT64),
            Map.entry(Datatype.FP16, OnnxFile.FLOAT16),
            Map.entry(Datatype.FP32, OnnxFile.FLOAT),
            Map.entry(Datatype.FP64, OnnxFile.DOUBLE),
            Map.entry(Datatype.BF16, OnnxFile.BFLOAT16),
            Map.entry(Datatype.BYTES, OnnxFile.STRING));

    private final RestTestClient http;
    private final int managementPort;
    private final MeterRegistry meters;
    private final ManagedChannel channel;
    private final GRPCInferenceServiceBlockingStub grpc;

    OpenInferenceProtocolTest(
            @Autowired RestTestClient http,
            @Autowired GrpcServerLifecycle server,
            @Autowired MeterRegistry meters,
            @LocalManagementPort int managementPort) {
        this.http = http;
        this.managementPort = managementPort;
        this.meters = meters;
        channel = NettyChannelBuilder.forAddress("127.0.0.1", server.getPort())
                .usePlaintext()
                .build();
        grpc = GRPCInferenceServiceGrpc.newBlockingStub(channel);
    }

    @DynamicPropertySource
    static void repository(DynamicPropertyRegistry registry) {
        var models = new TestModels(root);
        models.write("dense", 1, TestModels.DENSE_YAML, dense(1));
        models.write("dense", 2, TestModels.DENSE_YAML, dense(2));
        models.write("dense", 3, TestModels.DENSE_YAML, new byte[] {1, 2, 3});
        models.write(
                "tower",
                7,
                TestModels.EMBEDDING_YAML,
                OnnxFile.embedding(2, List.of("85123A", "Größe")).bytes());
        models.write("wide", 1, WIDE_YAML, OnnxFile.dense(300_000, 1, 1).bytes());
        models.write("counted", 1, TestModels.DENSE_YAML, dense(1));
        models.write("broken", 1, TestModels.DENSE_YAML, new byte[] {1, 2, 3});
        ECHOES.forEach((datatype, type) -> models.write(
                echo(datatype),
                1,
                ECHO_YAML.formatted(datatype, datatype),
                OnnxFile.echo(type, 2).bytes()));
        models.write(
                "unsigned",
                1,
                ECHO_YAML.formatted("UINT32", "UINT32"),
                OnnxFile.echo(OnnxFile.UINT32, 2).bytes());
        models.write("swapped", 1, TestModels.DENSE_YAML, dense(1));
        registry.add("millrace.inference.repository", root::toString);
    }

    @BeforeEach
    void awaitReadiness() {
        await().until(() ->
                grpc.serverReady(ServerReadyRequest.getDefaultInstance()).getReady());
    }

    @AfterEach
    void close() {
        channel.shutdownNow();
    }

    @Test
    void readinessCountsARefusedModelAsLookedAt() {
        RestTestClient management = RestTestClient.bindToServer()
                .baseUrl("http://127.0.0.1:" + managementPort)
                .build();

        management
                .get()
                .uri("/actuator/health/readiness")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.components.models.details.dense['2']")
                .isEqualTo("ready")
                .jsonPath("$.components.models.details.broken['1']")
                .value(String.class, reason -> assertThat(reason).contains("ONNX Runtime cannot load"));
    }

    @Test
    void serverAndModelsSayWhetherTheyAreReady() {
        assertThat(grpc.serverLive(ServerLiveRequest.getDefaultInstance()).getLive())
                .isTrue();
        assertThat(grpc.serverMetadata(ServerMetadataRequest.getDefaultInstance())
                        .getName())
                .isEqualTo("millrace");
        assertThat(modelReady("dense", "")).isTrue();
        assertThat(modelReady("dense", "1")).isTrue();
        assertThat(modelReady("dense", "3")).isFalse();
        assertThat(modelReady("broken", "")).isFalse();
        assertThat(modelReady("absent", "")).isFalse();
    }

    @Test
    void metadataDescribesTheColumnsAndTheEmbeddingSpace() {
        ModelMetadataResponse tower = grpc.modelMetadata(
                ModelMetadataRequest.newBuilder().setName("tower").build());

        assertThat(tower.getVersionsList()).containsExactly("7");
        assertThat(tower.getPlatform()).isEqualTo("onnx_onnxv1");
        assertThat(tower.getInputs(0).getName()).isEqualTo("ids");
        assertThat(tower.getInputs(0).getDatatype()).isEqualTo("BYTES");
        assertThat(tower.getInputs(0).getShapeList()).containsExactly(-1L, 2L);
        assertThat(tower.getOutputs(0).getShapeList()).containsExactly(-1L, 2L);
        assertThat(tower.getPropertiesMap())
                .containsEntry("version", "7")
                .containsEntry("embedding_space", "shop-7")
                .containsEntry("inputs", """
                        [{"name":"ids","datatype":"BYTES","width":2,"from":"customer.recent_items","padding":""}]""")
                .hasEntrySatisfying("signature", hash -> assertThat(hash).matches("[0-9a-f]{16}"));
    }

    @Test
    void metadataTellsWhyANewerVersionWasRefused() {
        ModelMetadataResponse dense = grpc.modelMetadata(
                ModelMetadataRequest.newBuilder().setName("dense").build());

        assertThat(dense.getVersionsList()).containsExactly("1", "2");
        assertThat(dense.getPropertiesMap())
                .doesNotContainKey("embedding_space")
                .hasEntrySatisfying("refused.3", why -> assertThat(why).contains("ONNX Runtime cannot load"));
    }

    @Test
    void rawInputsGiveRawOutputsOfTheLatestVersion() {
        ModelInferResponse answer = grpc.modelInfer(
                dense("", 1, 2, 3, 4).toBuilder().setId("request-1").build());

        assertThat(answer.getModelName()).isEqualTo("dense");
        assertThat(answer.getModelVersion()).isEqualTo("2");
        assertThat(answer.getId()).isEqualTo("request-1");
        assertThat(answer.getParametersMap()).isEmpty();
        assertThat(answer.getOutputs(0).getShapeList()).containsExactly(2L, 1L);
        assertThat(floats(answer.getRawOutputContents(0))).containsExactly(6f, 14f);
    }

    @Test
    void anExplicitVersionIsServedWhileItIsLoaded() {
        ModelInferResponse answer = grpc.modelInfer(dense("1", 1, 2));

        assertThat(answer.getModelVersion()).isEqualTo("1");
        assertThat(floats(answer.getRawOutputContents(0))).containsExactly(3f);
    }

    @Test
    void typedInputsGiveTypedOutputsInTheOrderAskedFor() {
        ModelInferResponse answer = grpc.modelInfer(ModelInferRequest.newBuilder()
                .setModelName("tower")
                .addInputs(input("ids", "BYTES", 2, 2)
                        .setContents(InferTensorContents.newBuilder()
                                .addAllBytesContents(Stream.of("85123A", "Größe", "", "Größe")
                                        .map(ByteString::copyFromUtf8)
                                        .toList())))
                .addOutputs(InferRequestedOutputTensor.newBuilder().setName("echo"))
                .addOutputs(InferRequestedOutputTensor.newBuilder().setName("mean"))
                .build());

        assertThat(answer.getRawOutputContentsCount()).isZero();
        assertThat(answer.getOutputsList()).hasSize(2);
        assertThat(answer.getOutputs(0).getContents().getBytesContentsList())
                .extracting(ByteString::toStringUtf8)
                .containsExactly("85123A", "Größe", "", "Größe");
        assertThat(answer.getOutputs(1).getContents().getFp32ContentsList()).containsExactly(1.5f, -1.5f, 1f, -1f);
        assertThat(answer.getParametersMap().get("embedding_space"))
                .isEqualTo(InferParameter.newBuilder().setStringParam("shop-7").build());
    }

    @Test
    void theSignatureOfTheMetadataIsAcceptedAndAnotherIsNot() {
        String signature = grpc.modelMetadata(
                        ModelMetadataRequest.newBuilder().setName("dense").build())
                .getPropertiesMap()
                .getOrDefault("signature", "");

        grpc.modelInfer(withSignature(signature));
        refused(Status.Code.FAILED_PRECONDITION, "made for the signature old", withSignature("old"));
    }

    @Test
    void refusalsHaveTheirStatusAndSayWhatToChange() {
        refused(Status.Code.NOT_FOUND, "no model \"absent\"; known are", request("absent", "", 2, 1, 2));
        refused(Status.Code.NOT_FOUND, "no version 9; loaded are [1, 2]", dense("9", 1, 2));
        refused(Status.Code.NOT_FOUND, "no version latest", dense("latest", 1, 2));
        refused(Status.Code.UNAVAILABLE, "version 3 of \"dense\" was refused", dense("3", 1, 2));
        refused(Status.Code.UNAVAILABLE, "no version that can answer", request("broken", "", 2, 1, 2));
        refused(Status.Code.INVALID_ARGUMENT, "send [-1, 2]", request("dense", "", 3, 1, 2, 3));
        refused(Status.Code.INVALID_ARGUMENT, "send 1 to 8 rows", dense("", new float[18]));
        refused(
                Status.Code.INVALID_ARGUMENT,
                "no output \"z\"; it has [y]",
                dense("", 1, 2).toBuilder()
                        .addOutputs(InferRequestedOutputTensor.newBuilder().setName("z"))
                        .build());
    }

    @Test
    void aMessageLargerThanFourMebibytesIsTaken() {
        float[] ones = new float[4 * 300_000];
        Arrays.fill(ones, 1);

        ModelInferResponse answer = grpc.modelInfer(request("wide", "", 300_000, ones));

        assertThat(floats(answer.getRawOutputContents(0))).containsExactly(300_000f, 300_000f, 300_000f, 300_000f);
    }

    @Test
    void concurrentCallersEachGetTheirOwnRows() {
        try (ExecutorService callers = Executors.newFixedThreadPool(8)) {
            List<CompletableFuture<Void>> calls = IntStream.range(0, 500)
                    .mapToObj(i -> CompletableFuture.runAsync(
                            () -> assertThat(floats(grpc.modelInfer(dense("2", i, 1, i, 2))
                                            .getRawOutputContents(0)))
                                    .containsExactly(2f * (i + 1), 2f * (i + 2)),
                            callers))
                    .toList();

            assertThat(calls).allSatisfy(call -> assertThat(call).succeedsWithin(30, TimeUnit.SECONDS));
        }
    }

    @Test
    void versionsAreExchangedUnderLoadWithoutAFailedOrWrongAnswer() {
        var stop = new AtomicBoolean();
        var latest = new AtomicInteger(1);
        List<CompletableFuture<Void>> callers;
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            callers = Stream.generate(() -> CompletableFuture.runAsync(
                            () -> {
                                while (!stop.get()) {
                                    ModelInferResponse answer = grpc.modelInfer(request("swapped", "", 2, 1, 0));
                                    int version = Integer.parseInt(answer.getModelVersion());
                                    assertThat(floats(answer.getRawOutputContents(0)))
                                            .containsExactly((float) version);
                                    latest.accumulateAndGet(version, Math::max);
                                }
                            },
                            threads))
                    .limit(4)
                    .toList();
            try {
                for (int version = 2; version <= 10; version++) {
                    int written = version;
                    new TestModels(root).write("swapped", version, TestModels.DENSE_YAML, dense(version));
                    await().until(() -> latest.get() == written
                            || callers.stream().anyMatch(CompletableFuture::isCompletedExceptionally));
                }
            } finally {
                stop.set(true);
            }
        }

        assertThat(callers).allSatisfy(caller -> assertThat(caller).isCompleted());
    }

    @Test
    void httpTakesNestedAndFlatDataAndAnswersJson() {
        for (String data : List.of("[[1, 2], [3, 4.5]]", "[1, 2, 3, 4.5]")) {
            http.post()
                    .uri("/v2/models/dense/infer")
                    .contentType(MediaType.APPLICATION_JSON)
                    .body("""
                            {"id": "7", "inputs": [{"name": "x", "shape": [2, 2], "datatype": "FP32", "data": %s}]}""".formatted(data))
                    .exchange()
                    .expectStatus()
                    .isOk()
                    .expectBody()
                    .json("""
                            {"model_name": "dense", "model_version": "2", "id": "7",
                             "outputs": [{"name": "y", "shape": [2, 1], "datatype": "FP32", "data": [6.0, 15.0]}]}""");
        }
    }

    @Test
    void httpKnowsTextsRequestedOutputsVersionsAndParameters() {
        http.post()
                .uri("/v2/models/tower/versions/7/infer")
                .header("Request-Timeout-Ms", "5000")
                .contentType(MediaType.APPLICATION_JSON)
                .body("""
                        {"inputs": [{"name": "ids", "shape": [1, 2], "datatype": "BYTES", "data": ["85123A", "Größe"]}],
                         "outputs": [{"name": "numbers"}, {"name": "echo"}]}""")
                .exchange()
                .expectBody()
                .json("""
                        {"model_name": "tower", "model_version": "7", "parameters": {"embedding_space": "shop-7"},
                         "outputs": [{"name": "numbers", "shape": [1, 2], "datatype": "INT64", "data": [1, 2]},
                                     {"name": "echo", "shape": [1, 2], "datatype": "BYTES", "data": ["85123A", "Größe"]}]}""");
    }

    @Test
    void httpDescribesServerModelsAndTheIndex() {
        http.get().uri("/v2").exchange().expectBody().jsonPath("$.name").isEqualTo("millrace");
        http.get().uri("/v2/health/live").exchange().expectStatus().isOk();
        http.get().uri("/v2/health/ready").exchange().expectStatus().isOk();
        http.get().uri("/v2/models/dense/ready").exchange().expectStatus().isOk();
        http.get()
                .uri("/v2/models/dense/versions/3/ready")
                .exchange()
                .expectStatus()
                .isBadRequest();
        http.get().uri("/v2/models/dense/versions/1").exchange().expectBody().json("""
                        {"name": "dense", "versions": ["1", "2"], "platform": "onnx_onnxv1",
                         "inputs": [{"name": "x", "datatype": "FP32", "shape": [-1, 2]}],
                         "outputs": [{"name": "y", "datatype": "FP32", "shape": [-1, 1]}],
                         "properties": {"version": "1"}}""");
        http.post()
                .uri("/v2/repository/index")
                .exchange()
                .expectBody()
                .jsonPath("$[?(@.name == 'dense' && @.version == '2')].state")
                .isEqualTo("READY")
                .jsonPath("$[?(@.name == 'broken')].state")
                .isEqualTo("UNAVAILABLE");
    }

    @Test
    void httpErrorsHaveTheProtocolsShape() {
        error(HttpStatus.NOT_FOUND, "there is no model \"absent\"", "/v2/models/absent/infer", "{\"inputs\": []}");
        error(HttpStatus.NOT_FOUND, "has no version 9", "/v2/models/dense/versions/9/infer", "{\"inputs\": []}");
        error(HttpStatus.SERVICE_UNAVAILABLE, "no version that can", "/v2/models/broken/infer", "{\"inputs\": []}");
        error(HttpStatus.BAD_REQUEST, "the input \"x\" is missing", "/v2/models/dense/infer", "{\"inputs\": []}");
        error(HttpStatus.BAD_REQUEST, "inputs is missing", "/v2/models/dense/infer", "{}");
        error(
                HttpStatus.BAD_REQUEST,
                "/input: there is no field \"input\" here",
                "/v2/models/dense/infer",
                "{\"input\": []}");
        error(HttpStatus.BAD_REQUEST, "Unexpected end-of-input", "/v2/models/dense/infer", "{");
        error(HttpStatus.BAD_REQUEST, "\"x\": true is not a value of FP32", "/v2/models/dense/infer", """
                {"inputs": [{"name": "x", "shape": [1, 2], "datatype": "FP32", "data": [1, true]}]}""");
        error(HttpStatus.BAD_REQUEST, "made for the signature old", "/v2/models/dense/infer", """
                {"parameters": {"signature": "old"},
                 "inputs": [{"name": "x", "shape": [1, 2], "datatype": "FP32", "data": [1, 2]}]}""");
        error(HttpStatus.NOT_FOUND, "v2/nothing", "/v2/nothing", "{}");
        error(HttpStatus.METHOD_NOT_ALLOWED, "POST", "/v2/models/dense", "{}");
    }

    static Set<Datatype> echoes() {
        return ECHOES.keySet();
    }

    @ParameterizedTest
    @MethodSource("echoes")
    void everyDatatypePassesAModelAsBytesBehindTheJson(Datatype datatype) {
        List<?> values = switch (datatype) {
            case BOOL -> List.of(true, false);
            case BYTES -> List.of("", "Größe");
            case FP16, FP32, FP64, BF16 -> List.of(1.5, 2);
            default -> List.of(1, 2);
        };
        byte[] bytes = new byte[RawValues.encode(datatype, values).remaining()];
        RawValues.encode(datatype, values).get(bytes);
        byte[] json = """
                {"id": "7", "parameters": {"binary_data_output": true},
                 "inputs": [{"name": "x", "shape": [1, 2], "datatype": "%s", "parameters": {"binary_data_size": %d}}]}""".formatted(datatype, bytes.length).getBytes(UTF_8);

        EntityExchangeResult<byte[]> answer = post("/v2/models/" + echo(datatype) + "/infer", json, bytes);
        byte[] body = Objects.requireNonNull(answer.getResponseBody());
        int length = Integer.parseInt(
                Objects.requireNonNull(answer.getResponseHeaders().getFirst("Inference-Header-Content-Length")));

        assertThat(answer.getStatus().value()).isEqualTo(200);
        assertThat(answer.getResponseHeaders().getContentType()).isEqualTo(MediaType.APPLICATION_OCTET_STREAM);
        assertThat(new String(body, 0, length, UTF_8)).isEqualTo("""
                        {"model_name":"%s","model_version":"1","id":"7","outputs":[{"name":"y","shape":[1,2],\
                        "datatype":"%s","parameters":{"binary_data_size":%d}}]}""".formatted(echo(datatype), datatype, bytes.length));
        assertThat(Arrays.copyOfRange(body, length, body.length)).isEqualTo(bytes);
        assertThat(grpc.modelInfer(ModelInferRequest.newBuilder()
                                .setModelName(echo(datatype))
                                .addInputs(input("x", datatype.name(), 1, 2))
                                .addRawInputContents(ByteString.copyFrom(bytes))
                                .build())
                        .getRawOutputContents(0)
                        .toByteArray())
                .isEqualTo(bytes);
    }

    @Test
    void theBytesOfTheOnlyInputNeedNoJson() {
        byte[] answer = Objects.requireNonNull(post("/v2/models/echo-int16/infer", new byte[0], new byte[] {1, 0, 2, 0})
                .getResponseBody());

        assertThat(answer).endsWith(1, 0, 2, 0);
        assertThat(new String(answer, UTF_8)).contains("\"shape\":[1,2],\"datatype\":\"INT16\"");
        assertThat(post("/v2/models/echo-int16/infer", new byte[0], new byte[3])
                        .getStatus()
                        .value())
                .isEqualTo(400);
    }

    @Test
    void halvesAreNotAnsweredInJson() {
        byte[] json = """
                {"inputs": [{"name": "x", "shape": [1, 2], "datatype": "FP16", "parameters": {"binary_data_size": 4}}]}""".getBytes(UTF_8);
        EntityExchangeResult<byte[]> answer = post("/v2/models/echo-fp16/infer", json, new byte[4]);

        assertThat(answer.getStatus().value()).isEqualTo(400);
        assertThat(new String(Objects.requireNonNull(answer.getResponseBody()), UTF_8))
                .contains("the output \\\"y\\\" is FP16, which has no form in JSON; ask for binary_data");
    }

    @Test
    void aModelWhoseInputsTheEngineCannotBeGivenIsRefusedWithTheReason() {
        error(
                HttpStatus.SERVICE_UNAVAILABLE,
                "the graph's input \"x\" is",
                "/v2/models/unsigned/infer",
                "{\"inputs\": []}");
    }

    @Test
    void aCurlWithoutAContentTypeIsAnsweredAndACompressedBodyIsNotUnpacked() {
        String body = """
                {"inputs": [{"name": "x", "shape": [1, 2], "datatype": "FP32", "data": [1, 2]}]}""";
        http.post()
                .uri("/v2/models/dense/infer")
                .contentType(MediaType.APPLICATION_FORM_URLENCODED)
                .body(body.getBytes(UTF_8))
                .exchange()
                .expectStatus()
                .isOk();
        http.post()
                .uri("/v2/models/dense/infer")
                .header("Content-Encoding", "gzip")
                .body(body.getBytes(UTF_8))
                .exchange()
                .expectStatus()
                .isEqualTo(HttpStatus.UNSUPPORTED_MEDIA_TYPE)
                .expectBody()
                .jsonPath("$.error")
                .value(String.class, reason -> assertThat(reason).contains("without the content coding gzip"));
    }

    @Test
    void damagedRequestsAreRefusedInTheProtocolsShape() {
        byte[] json = """
                {"id": "7", "parameters": {"priority": 1, "timeout": 2500000}, "inputs": [
                  {"name": "x", "shape": [2, 2], "datatype": "FP32", "parameters": {"binary_data_size": 16}}],
                 "outputs": [{"name": "y", "parameters": {"binary_data": true}}]}""".getBytes(UTF_8);
        var mutations = new Mutations(3);
        int refused = 0;
        for (int i = 0; i < 1000; i++) {
            byte[] damaged = mutations.of(json);
            EntityExchangeResult<byte[]> answer = post("/v2/models/dense/infer", damaged, new byte[16 - i % 2]);

            assertThat(answer.getStatus().value()).isIn(200, 400);
            if (answer.getStatus().value() == 400) {
                assertThat(new String(Objects.requireNonNull(answer.getResponseBody()), UTF_8))
                        .startsWith("{\"error\":\"");
                refused++;
            }
        }
        assertThat(refused).isBetween(500, 999);
    }

    @Test
    void statisticsCountRowsAndBatchesOverHttpAndGrpc() {
        grpc.modelInfer(request("counted", "", 2, 1, 2, 3, 4));

        ModelStatistics statistics = grpc.modelStatistics(
                        ModelStatisticsRequest.newBuilder().setName("counted").build())
                .getModelStats(0);
        assertThat(statistics.getVersion()).isEqualTo("1");
        assertThat(statistics.getInferenceCount()).isEqualTo(2);
        assertThat(statistics.getExecutionCount()).isEqualTo(1);
        assertThat(statistics.getInferenceStats().getSuccess().getCount()).isEqualTo(1);
        assertThat(statistics.getInferenceStats().getComputeInfer().getNs()).isPositive();
        http.get()
                .uri("/v2/models/counted/versions/1/stats")
                .exchange()
                .expectBody()
                .json("""
                        {"model_stats": [{"name": "counted", "version": "1", "inference_count": 2, "execution_count": 1,
                          "inference_stats": {"success": {"count": 1}, "fail": {"count": 0}, "cache_hit": {"count": 0, "ns": 0}},
                          "batch_stats": [{"batch_size": 2, "compute_infer": {"count": 1}}]}]}""");
        http.get()
                .uri("/v2/models/stats")
                .exchange()
                .expectBody()
                .jsonPath("$.model_stats.length()")
                .value(Integer.class, count -> assertThat(count).isGreaterThan(10));
        http.get().uri("/v2/models/absent/stats").exchange().expectStatus().isNotFound();
    }

    @Test
    void routesShareOutCallersAndTheAnswerNamesTheVersion() throws IOException {
        Files.writeString(root.resolve("routing.yaml.tmp"), """
                routes:
                  dense: {to: [{version: 1, weight: 1}, {version: 2, weight: 1}, {version: 3, weight: 1}]}
                  alias: {to: [{model: tower}], shadow: [{model: tower, version: 7}]}
                """);
        Files.move(root.resolve("routing.yaml.tmp"), root.resolve("routing.yaml"), StandardCopyOption.ATOMIC_MOVE);
        try {
            await().until(() -> modelReady("alias", ""));
            Map<String, String> served = new HashMap<>();
            for (int customer = 0; customer < 60; customer++) {
                String key = Integer.toString(customer % 30);
                ModelInferResponse answer = grpc.modelInfer(withParameter("routing_key", key));
                assertThat(floats(answer.getRawOutputContents(0)))
                        .containsExactly(3f * Integer.parseInt(answer.getModelVersion()));
                assertThat(served.merge(key, answer.getModelVersion(), (before, now) -> before.equals(now) ? now : "?"))
                        .isNotEqualTo("?");
            }
            // Version 3 was refused: its callers are answered by the others.
            assertThat(served.values()).containsOnly("1", "2");
            assertThat(grpc.modelInfer(dense("2", 1, 2)).getModelVersion()).isEqualTo("2");
            assertThat(grpc.modelMetadata(ModelMetadataRequest.newBuilder()
                                    .setName("alias")
                                    .build())
                            .getInputs(0)
                            .getName())
                    .isEqualTo("ids");
            http.post()
                    .uri("/v2/models/alias/infer")
                    .contentType(MediaType.APPLICATION_JSON)
                    .body("""
                            {"inputs": [{"name": "ids", "shape": [1, 2], "datatype": "BYTES", "data": ["85123A", ""]}]}""")
                    .exchange()
                    .expectBody()
                    .jsonPath("$.model_name")
                    .isEqualTo("tower");
            await().untilAsserted(() -> assertThat(meters.get("millrace.inference.routing.shadow")
                            .tags("model", "tower", "version", "7", "outcome", "same")
                            .counter()
                            .count())
                    .isEqualTo(1));
        } finally {
            Files.delete(root.resolve("routing.yaml"));
            await().until(() -> !modelReady("alias", ""));
        }
    }

    @Test
    void loadingByHandIsRefusedWhereModelsComeByThemselves() {
        error(HttpStatus.FORBIDDEN, "loading and unloading is off", "/v2/repository/models/dense/load", "{}");
        assertThatThrownBy(() -> grpc.repositoryModelUnload(RepositoryModelUnloadRequest.newBuilder()
                        .setModelName("dense")
                        .build()))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageStartingWith("PERMISSION_DENIED: loading and unloading is off");
        assertThat(grpc.repositoryIndex(RepositoryIndexRequest.newBuilder()
                                .setReady(true)
                                .build())
                        .getModelsList())
                .allSatisfy(model -> assertThat(model.getState()).isEqualTo("READY"))
                .anySatisfy(model -> assertThat(model.getName()).isEqualTo("tower"));
    }

    @Test
    void grpcHasReflectionAndHealth() throws Exception {
        assertThat(HealthGrpc.newBlockingStub(channel)
                        .check(HealthCheckRequest.getDefaultInstance())
                        .getStatus())
                .isNotEqualTo(HealthCheckResponse.ServingStatus.UNRECOGNIZED);
        var names = new CompletableFuture<List<String>>();
        StreamObserver<ServerReflectionRequest> requests = ServerReflectionGrpc.newStub(channel)
                .serverReflectionInfo(new StreamObserver<>() {
                    @Override
                    public void onNext(ServerReflectionResponse response) {
                        names.complete(response.getListServicesResponse().getServiceList().stream()
                                .map(ServiceResponse::getName)
                                .toList());
                    }

                    @Override
                    public void onError(Throwable error) {
                        names.completeExceptionally(error);
                    }

                    @Override
                    public void onCompleted() {}
                });
        requests.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());

        assertThat(names.get(10, TimeUnit.SECONDS)).contains("inference.GRPCInferenceService", "grpc.health.v1.Health");
        requests.onCompleted();
    }

    private static ModelInferRequest withParameter(String name, String value) {
        return dense("", 1, 2).toBuilder()
                .putParameters(
                        name, InferParameter.newBuilder().setStringParam(value).build())
                .build();
    }

    private EntityExchangeResult<byte[]> post(String path, byte[] json, byte[] behind) {
        byte[] body = Arrays.copyOf(json, json.length + behind.length);
        System.arraycopy(behind, 0, body, json.length, behind.length);
        return http.post()
                .uri(path)
                .contentType(MediaType.APPLICATION_OCTET_STREAM)
                .header("Inference-Header-Content-Length", Integer.toString(json.length))
                .body(body)
                .exchange()
                .expectBody()
                .returnResult();
    }

    private static String echo(Datatype datatype) {
        return "echo-" + datatype.name().toLowerCase(Locale.ROOT);
    }

    private void error(HttpStatus status, String reason, String path, String body) {
        http.post()
                .uri(path)
                .contentType(MediaType.APPLICATION_JSON)
                .body(body)
                .exchange()
                .expectStatus()
                .isEqualTo(status)
                .expectBody()
                .jsonPath("$.length()")
                .isEqualTo(1)
                .jsonPath("$.error")
                .value(String.class, error -> assertThat(error).contains(reason));
    }

    private void refused(Status.Code code, String reason, ModelInferRequest request) {
        assertThatThrownBy(() -> grpc.modelInfer(request))
                .isInstanceOfSatisfying(StatusRuntimeException.class, error -> {
                    assertThat(error.getStatus().getCode()).isEqualTo(code);
                    assertThat(error.getStatus().getDescription()).contains(reason);
                });
    }

    private boolean modelReady(String name, String version) {
        return grpc.modelReady(ModelReadyRequest.newBuilder()
                        .setName(name)
                        .setVersion(version)
                        .build())
                .getReady();
    }

    private static ModelInferRequest withSignature(String signature) {
        return dense("", 1, 2).toBuilder()
                .putParameters(
                        "signature",
                        InferParameter.newBuilder().setStringParam(signature).build())
                .build();
    }

    private static ModelInferRequest dense(String version, float... values) {
        return request("dense", version, 2, values);
    }

    private static ModelInferRequest request(String model, String version, int width, float... values) {
        ByteBuffer raw = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        raw.asFloatBuffer().put(values);
        return ModelInferRequest.newBuilder()
                .setModelName(model)
                .setModelVersion(version)
                .addInputs(input("x", "FP32", values.length / width, width))
                .addRawInputContents(ByteString.copyFrom(raw))
                .build();
    }

    private static InferInputTensor.Builder input(String name, String datatype, long rows, long width) {
        return InferInputTensor.newBuilder()
                .setName(name)
                .setDatatype(datatype)
                .addShape(rows)
                .addShape(width);
    }

    private static float[] floats(ByteString raw) {
        float[] values = new float[raw.size() / Float.BYTES];
        raw.asReadOnlyByteBuffer()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(values);
        return values;
    }

    private static byte[] dense(float weight) {
        return OnnxFile.dense(2, 1, weight).bytes();
    }
}
