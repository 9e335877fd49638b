package io.millrace.vector;

import com.google.protobuf.ByteString;
import inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase;
import inference.ModelInferRequest;
import inference.ModelInferResponse;
import inference.ModelInferResponse.InferOutputTensor;
import inference.ModelMetadataRequest;
import inference.ModelMetadataResponse;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A small inference-service with one model of a description and a price: its vector is the description's length in bytes,
 * and the price.
 */
final class EmbeddingServer implements AutoCloseable {

    private static final String INPUTS = """
            [{"name": "description", "datatype": "BYTES", "width": 1, "from": "item.description", "padding": ""},
             {"name": "numbers", "datatype": "FP32", "columns": [{"from": "item.list_price", "default": 1}]}]
            """;

    private final Server server;

    private EmbeddingServer(Server server) {
        this.server = server;
    }

    /** Starts one whose vectors belong to this space. */
    static EmbeddingServer start(String model, int port, String embeddingSpace) {
        try {
            return new EmbeddingServer(Grpc.newServerBuilderForPort(port, InsecureServerCredentials.create())
                    .addService(new Model(model, embeddingSpace))
                    .build()
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return server.getPort();
    }

    @Override
    public void close() {
        server.shutdownNow();
        try {
            server.awaitTermination();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class Model extends GRPCInferenceServiceImplBase {

        private final String model;
        private final String embeddingSpace;

        Model(String model, String embeddingSpace) {
            this.model = model;
            this.embeddingSpace = embeddingSpace;
        }

        @Override
        public void modelMetadata(ModelMetadataRequest request, StreamObserver<ModelMetadataResponse> answer) {
            if (!request.getName().equals(model)) {
                answer.onError(Status.NOT_FOUND.asRuntimeException());
                return;
            }
            answer.onNext(ModelMetadataResponse.newBuilder()
                    .setName(model)
                    .putProperties("version", "1")
                    .putProperties("embedding_space", embeddingSpace)
                    .putProperties("inputs", INPUTS)
                    .build());
            answer.onCompleted();
        }

        @Override
        public void modelInfer(ModelInferRequest request, StreamObserver<ModelInferResponse> answer) {
            ByteBuffer texts =
                    request.getRawInputContents(0).asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
            ByteBuffer prices =
                    request.getRawInputContents(1).asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
            int rows = (int) request.getInputs(0).getShape(0);
            ByteBuffer vectors = ByteBuffer.allocate(2 * rows * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (int row = 0; row < rows; row++) {
                int length = texts.getInt();
                texts.position(texts.position() + length);
                vectors.putFloat(length).putFloat(prices.getFloat());
            }
            answer.onNext(ModelInferResponse.newBuilder()
                    .setModelName(model)
                    .setModelVersion("1")
                    .addOutputs(InferOutputTensor.newBuilder()
                            .setName("embedding")
                            .setDatatype("FP32")
                            .addShape(rows)
                            .addShape(2))
                    .addRawOutputContents(ByteString.copyFrom(vectors.flip()))
                    .build());
            answer.onCompleted();
        }
    }
}
