package io.millrace.app.inference;

import inference.GRPCInferenceServiceGrpc;
import inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import inference.InferParameter;
import inference.ModelInferRequest;
import inference.ModelInferRequest.InferInputTensor;
import inference.ModelInferResponse;
import inference.ModelInferResponse.InferOutputTensor;
import inference.ModelMetadataRequest;
import io.grpc.Channel;
import io.grpc.Deadline;
import io.millrace.model.ModelMetadata;
import io.millrace.model.ModelSignature;
import io.millrace.model.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Calls models. Calls wait for the answer, and fail with a {@code StatusRuntimeException}. */
public final class InferenceClient {

    private final GRPCInferenceServiceBlockingStub stub;

    public InferenceClient(Channel channel) {
        this.stub = GRPCInferenceServiceGrpc.newBlockingStub(channel);
    }

    /**
     * Runs a model on these inputs. It refuses them with {@code FAILED_PRECONDITION} if they were made for another
     * signature than its own.
     *
     * @param routingKey for whom; where versions share the traffic, all calls with the same key go to the same one.
     *     {@code null} goes to any
     * @throws IllegalArgumentException if the answer does not carry its outputs in raw form
     */
    public Inference infer(
            ModelSignature signature, List<Tensor> inputs, @Nullable String routingKey, Deadline deadline) {
        ModelInferRequest.Builder request = ModelInferRequest.newBuilder().setModelName(signature.model());
        if (!signature.hash().isEmpty()) {
            request.putParameters("signature", text(signature.hash()));
        }
        if (routingKey != null) {
            request.putParameters("routing_key", text(routingKey));
        }
        for (Tensor input : inputs) {
            request.addInputs(InferInputTensor.newBuilder()
                    .setName(input.name())
                    .setDatatype(input.datatype())
                    .addAllShape(input.shape()));
            request.addRawInputContents(input.content());
        }
        ModelInferResponse response = stub.withDeadline(deadline).modelInfer(request.build());
        if (response.getRawOutputContentsCount() != response.getOutputsCount()) {
            throw new IllegalArgumentException(signature.model() + " did not answer with raw contents");
        }
        List<Tensor> outputs = new ArrayList<>();
        for (int i = 0; i < response.getOutputsCount(); i++) {
            InferOutputTensor output = response.getOutputs(i);
            outputs.add(new Tensor(
                    output.getName(), output.getDatatype(), output.getShapeList(), response.getRawOutputContents(i)));
        }
        return new Inference(
                signature.model(),
                response.getModelVersion(),
                response.getParametersOrDefault("embedding_space", InferParameter.getDefaultInstance())
                        .getStringParam(),
                outputs);
    }

    private static InferParameter text(String value) {
        return InferParameter.newBuilder().setStringParam(value).build();
    }

    /**
     * What a model wants and gives.
     *
     * @throws IllegalArgumentException if a pipeline cannot make its inputs
     */
    public ModelSignature signature(String model, Deadline deadline) {
        return ModelMetadata.signature(
                model,
                stub.withDeadline(deadline)
                        .modelMetadata(
                                ModelMetadataRequest.newBuilder().setName(model).build()));
    }
}
