package io.millrace.vector.embedding;

import feast.proto.types.Value;
import inference.GRPCInferenceServiceGrpc;
import inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import inference.InferParameter;
import inference.ModelInferRequest;
import inference.ModelInferRequest.InferInputTensor;
import inference.ModelInferResponse;
import inference.ModelMetadataRequest;
import inference.ModelMetadataResponse;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.millrace.model.FeatureInputs;
import io.millrace.model.ModelMetadata;
import io.millrace.model.ModelSignature;
import io.millrace.model.ModelSignature.Input;
import io.millrace.model.Tensor;
import io.millrace.model.TensorLayout;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Calls embedding models in inference-service. Calls wait for the answer, and fail with a {@code StatusRuntimeException}.
 */
public final class EmbeddingModels {

    /** Of a feature view's entity: its own id. */
    private static final String ID = "id";

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final GRPCInferenceServiceBlockingStub stub;

    public EmbeddingModels(Channel channel) {
        this.stub = GRPCInferenceServiceGrpc.newBlockingStub(channel);
    }

    /**
     * One version of a model.
     *
     * @param embeddingSpace where its vectors belong
     */
    public record Version(String number, String embeddingSpace, ModelSignature signature) {}

    /**
     * What is known of one entity.
     *
     * @param features by name; one without a value is not in it
     */
    public record Entity(String id, Map<String, Value> features) {

        public Entity {
            features = Map.copyOf(features);
        }
    }

    /**
     * The version that answers now, and no other is asked by {@link #embed}; nothing while there is no such model.
     *
     * @throws IllegalArgumentException if the model makes no embeddings of features
     */
    public Optional<Version> version(String model) {
        ModelMetadataResponse metadata;
        try {
            metadata = deadline()
                    .modelMetadata(
                            ModelMetadataRequest.newBuilder().setName(model).build());
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
        String space = metadata.getPropertiesOrDefault("embedding_space", "");
        String number = metadata.getPropertiesOrDefault("version", "");
        if (space.isEmpty() || number.isEmpty()) {
            throw new IllegalArgumentException("the model " + model + " has no embedding_space");
        }
        return Optional.of(new Version(number, space, ModelMetadata.signature(model, metadata)));
    }

    /**
     * The vectors of these entities, in their order.
     *
     * @throws IllegalArgumentException if a feature does not fit its input, or the answer is no vector for each entity
     */
    public List<float[]> embed(Version version, List<Entity> entities) {
        ModelInferRequest.Builder request = ModelInferRequest.newBuilder()
                .setModelName(version.signature().model())
                .setModelVersion(version.number());
        if (!version.signature().hash().isEmpty()) {
            request.putParameters(
                    "signature",
                    InferParameter.newBuilder()
                            .setStringParam(version.signature().hash())
                            .build());
        }
        for (Input input : version.signature().inputs()) {
            Tensor tensor = layOut(input, entities);
            request.addInputs(InferInputTensor.newBuilder()
                    .setName(tensor.name())
                    .setDatatype(tensor.datatype())
                    .addAllShape(tensor.shape()));
            request.addRawInputContents(tensor.content());
        }
        return vectors(deadline().modelInfer(request.build()), entities.size());
    }

    private static Tensor layOut(Input input, List<Entity> entities) {
        return switch (input) {
            case Input.Columns columns -> {
                TensorLayout.Numbers numbers = new TensorLayout.Numbers(
                        columns.name(), entities.size(), columns.columns().size());
                for (int column = 0; column < columns.columns().size(); column++) {
                    ModelSignature.Column from = columns.columns().get(column);
                    String feature = from.from().value();
                    for (int row = 0; row < entities.size(); row++) {
                        double number =
                                FeatureInputs.number(feature, value(entities.get(row), feature), from.missing());
                        numbers.put(row, column, number, from.missing());
                    }
                }
                yield numbers.tensor();
            }
            case Input.Texts texts -> {
                String feature = texts.from().value();
                yield TensorLayout.texts(
                        texts, entities.size(), row -> FeatureInputs.texts(feature, value(entities.get(row), feature)));
            }
        };
    }

    private static @Nullable Value value(Entity entity, String feature) {
        return feature.equals(ID)
                ? Value.newBuilder().setStringVal(entity.id()).build()
                : entity.features().get(feature);
    }

    private static List<float[]> vectors(ModelInferResponse response, int rows) {
        if (response.getOutputsCount() != 1
                || response.getRawOutputContentsCount() != 1
                || !response.getOutputs(0).getDatatype().equals("FP32")) {
            throw new IllegalArgumentException(
                    response.getModelName() + " does not answer with one raw FP32 tensor of embeddings");
        }
        FloatBuffer numbers = response.getRawOutputContents(0)
                .asReadOnlyByteBuffer()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        if (numbers.remaining() == 0 || numbers.remaining() % rows != 0) {
            throw new IllegalArgumentException(
                    response.getModelName() + " gave " + numbers.remaining() + " numbers for " + rows + " entities");
        }
        int width = numbers.remaining() / rows;
        List<float[]> vectors = new ArrayList<>(rows);
        for (int row = 0; row < rows; row++) {
            float[] vector = new float[width];
            numbers.get(vector);
            vectors.add(vector);
        }
        return vectors;
    }

    private GRPCInferenceServiceBlockingStub deadline() {
        return stub.withDeadlineAfter(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }
}
