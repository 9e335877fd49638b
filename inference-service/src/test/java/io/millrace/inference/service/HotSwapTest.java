package io.millrace.inference.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import inference.GRPCInferenceServiceGrpc;
import inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import inference.ModelInferRequest;
import inference.ModelInferRequest.InferInputTensor;
import inference.ModelInferResponse;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.millrace.inference.OnnxFile;
import io.millrace.inference.TestModels;
import io.millrace.testing.Report;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fifty new versions of a model of 4 MiB under load: each answer is right for the version that it names, and memory comes back. */
@Tag("long")
class HotSwapTest {

    private static final int SWAPS = 50;
    private static final int SETTLED = 10; // swaps after which memory must have found its level
    private static final int WIDTH = 1024;
    private static final int CALLERS = 4;
    private static final String YAML = """
            platform: onnx_onnxv1
            max_batch_size: 16
            inputs: [{name: x, datatype: FP32, width: %d}]
            outputs: [{name: y, datatype: FP32}]
            """.formatted(WIDTH);

    @TempDir
    Path root;

    @TempDir
    Path work;

    @Test
    void noAnswerFailsOrIsOfAnotherVersionAndMemoryStays() throws Exception {
        var models = new TestModels(root);
        models.write("swapped", 1, YAML, OnnxFile.dense(WIDTH, WIDTH, 1).bytes());
        List<Long> residentKib = new ArrayList<>();
        Queue<String> wrong = new ConcurrentLinkedQueue<>();
        var answers = new AtomicLong();
        var latest = new AtomicInteger();
        var stop = new AtomicBoolean();
        try (ServiceProcess service =
                ServiceProcess.start(root, work.resolve("service.log"), "--millrace.inference.scan-interval=100ms")) {
            ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", service.grpcPort())
                    .usePlaintext()
                    .build();
            GRPCInferenceServiceBlockingStub grpc = GRPCInferenceServiceGrpc.newBlockingStub(channel);
            try (ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
                for (int i = 0; i < CALLERS; i++) {
                    callers.execute(() -> {
                        while (!stop.get()) {
                            try {
                                latest.accumulateAndGet(check(grpc.modelInfer(request()), wrong), Math::max);
                                answers.incrementAndGet();
                            } catch (RuntimeException e) {
                                wrong.add(e.toString());
                            }
                        }
                    });
                }
                try {
                    for (int version = 2; version <= SWAPS + 1; version++) {
                        int written = version;
                        models.write(
                                "swapped",
                                version,
                                YAML,
                                OnnxFile.dense(WIDTH, WIDTH, version).bytes());
                        await().atMost(Duration.ofSeconds(60)).until(() -> latest.get() == written || !wrong.isEmpty());
                        residentKib.add(service.residentKib());
                    }
                } finally {
                    stop.set(true);
                }
            }
            channel.shutdownNow();
        }
        assertThat(wrong).isEmpty();
        long grown = residentKib.getLast() - residentKib.get(SETTLED - 1);
        long each = grown / (SWAPS - SETTLED);
        report(answers.get(), residentKib, each);
        assertThat(each).isLessThan(1024);
    }

    /** The version that answered, whose number is the model's only weight. */
    private static int check(ModelInferResponse answer, Queue<String> wrong) {
        float[] values = new float[WIDTH];
        answer.getRawOutputContents(0)
                .asReadOnlyByteBuffer()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(values);
        int version = Integer.parseInt(answer.getModelVersion());
        float[] expected = new float[WIDTH];
        Arrays.fill(expected, version);
        if (!Arrays.equals(values, expected)) {
            wrong.add("version %d answered %f".formatted(version, values[0]));
        }
        return version;
    }

    private static ModelInferRequest request() {
        ByteBuffer one = ByteBuffer.allocate(WIDTH * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        one.putFloat(0, 1);
        return ModelInferRequest.newBuilder()
                .setModelName("swapped")
                .addInputs(InferInputTensor.newBuilder()
                        .setName("x")
                        .setDatatype("FP32")
                        .addShape(1)
                        .addShape(WIDTH))
                .addRawInputContents(ByteString.copyFrom(one))
                .build();
    }

    private static void report(long answers, List<Long> residentKib, long each) {
        var table = new StringBuilder("| after swap | resident memory, MiB |\n|---|---|\n");
        for (int swap = 1; swap <= residentKib.size(); swap++) {
            if (swap == 1 || swap % 10 == 0) {
                table.append("| %d | %.1f |\n".formatted(swap, residentKib.get(swap - 1) / 1024.0));
            }
        }
        Report.ofThisCommit()
                .write(
                        "hot-swaps",
                        "Fifty hot swaps under load",
                        "./millrace test --long -pl inference-service -am -Dtest=HotSwapTest -Dsurefire.failIfNoSpecifiedTests=false",
                        """
                        %d callers over gRPC asked without a pause while %d versions of a model of %d MiB replaced one another; two are loaded at a time. All of
                        %,d answers came and were right for the version that they name; none failed.

                        From the %dth swap on, resident memory of the service grew by %d KiB a swap (less than 1024 are allowed).

                        %s""".formatted(
                                CALLERS, SWAPS, WIDTH * WIDTH * Float.BYTES >> 20, answers, SETTLED, each, table));
    }
}
