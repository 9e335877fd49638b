package io.millrace.app.neighbours;

import com.google.protobuf.ByteString;
import inference.GRPCInferenceServiceGrpc;
import inference.InferParameter;
import inference.ModelInferRequest;
import inference.ModelInferResponse;
import inference.ModelMetadataRequest;
import inference.ModelMetadataResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;

/** Models that are Java functions from the first input's bytes to one output. */
public final class InferenceServer extends GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase {

    /**
     * A model's version.
     *
     * @param inputs the property of this name
     * @param space of its embeddings, or empty
     */
    public record Model(
            String version,
            String inputs,
            String signature,
            String space,
            String output,
            int width,
            Function<ByteBuffer, float[]> function) {}

    private final Map<String, List<Model>> models = new ConcurrentHashMap<>();
    private final Map<String, Behaviour> behaviours = new ConcurrentHashMap<>();
    private final List<ModelInferRequest> requests = new CopyOnWriteArrayList<>();

    public InferenceServer serve(String name, Model model) {
        return serve(name, List.of(model));
    }

    /** Versions that share the traffic equally: a caller's routing key decides, and chance where there is none. */
    public InferenceServer serve(String name, List<Model> versions) {
        models.put(name, versions);
        return this;
    }

    /** How it answers calls of this model. */
    public Behaviour behaviour(String model) {
        return behaviours.computeIfAbsent(model, _ -> new Behaviour());
    }

    public List<ModelInferRequest> requests(String model) {
        return requests.stream()
                .filter(request -> request.getModelName().equals(model))
                .toList();
    }

    @Override
    public void modelMetadata(ModelMetadataRequest request, StreamObserver<ModelMetadataResponse> observer) {
        new Behaviour().answer(observer, () -> {
            Model model = find(request.getName()).getFirst();
            ModelMetadataResponse.Builder response = ModelMetadataResponse.newBuilder()
                    .setName(request.getName())
                    .addVersions(model.version())
                    .putProperties("inputs", model.inputs())
                    .putProperties("signature", model.signature());
            response.addOutputsBuilder()
                    .setName(model.output())
                    .setDatatype("FP32")
                    .addShape(-1)
                    .addShape(model.width());
            return response.build();
        });
    }

    @Override
    public void modelInfer(ModelInferRequest request, StreamObserver<ModelInferResponse> observer) {
        requests.add(request);
        behaviour(request.getModelName()).answer(observer, () -> {
            Model model = route(find(request.getModelName()), request);
            if (!request.getParametersOrThrow("signature").getStringParam().equals(model.signature())) {
                throw Status.FAILED_PRECONDITION.asRuntimeException();
            }
            float[] numbers = model.function()
                    .apply(request.getRawInputContents(0).asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN));
            ByteBuffer bytes = ByteBuffer.allocate(numbers.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(numbers);
            ModelInferResponse.Builder response = ModelInferResponse.newBuilder()
                    .setModelName(request.getModelName())
                    .setModelVersion(model.version())
                    .addRawOutputContents(ByteString.copyFrom(bytes));
            response.addOutputsBuilder()
                    .setName(model.output())
                    .setDatatype("FP32")
                    .addShape(request.getInputs(0).getShape(0))
                    .addShape(model.width());
            if (!model.space().isEmpty()) {
                response.putParameters(
                        "embedding_space",
                        InferParameter.newBuilder()
                                .setStringParam(model.space())
                                .build());
            }
            return response.build();
        });
    }

    private static Model route(List<Model> versions, ModelInferRequest request) {
        int slot = request.containsParameters("routing_key")
                ? request.getParametersOrThrow("routing_key").getStringParam().hashCode()
                : ThreadLocalRandom.current().nextInt();
        return versions.get(Math.floorMod(slot, versions.size()));
    }

    private List<Model> find(String name) {
        List<Model> versions = models.get(name);
        if (versions == null) {
            throw Status.NOT_FOUND.withDescription("there is no model " + name).asRuntimeException();
        }
        return versions;
    }
}
