package io.millrace.inference.protocol;

import inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase;
import inference.InferParameter;
import inference.ModelInferRequest;
import inference.ModelInferRequest.InferRequestedOutputTensor;
import inference.ModelInferResponse;
import inference.ModelMetadataRequest;
import inference.ModelMetadataResponse;
import inference.ModelMetadataResponse.TensorMetadata;
import inference.ModelReadyRequest;
import inference.ModelReadyResponse;
import inference.ServerLiveRequest;
import inference.ServerLiveResponse;
import inference.ServerMetadataRequest;
import inference.ServerMetadataResponse;
import inference.ServerReadyRequest;
import inference.ServerReadyResponse;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.millrace.inference.model.InferenceException;
import io.millrace.inference.model.InferenceException.Cancelled;
import io.millrace.inference.model.InferenceException.DeadlineExceeded;
import io.millrace.inference.model.InferenceException.ExecutionFailed;
import io.millrace.inference.model.InferenceException.InvalidRequest;
import io.millrace.inference.model.InferenceException.ModelNotReady;
import io.millrace.inference.model.InferenceException.Overloaded;
import io.millrace.inference.model.InferenceException.SignatureMismatch;
import io.millrace.inference.model.InferenceException.UnknownModel;
import io.millrace.inference.model.TensorSpec;
import io.millrace.inference.repository.ModelRepository;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.grpc.server.service.GrpcService;

/** The Open Inference Protocol over gRPC. */
@GrpcService
final class InferController extends GRPCInferenceServiceImplBase {

    private static final Logger log = LoggerFactory.getLogger(InferController.class);

    private final Inference inference;
    private final ModelRepository repository;

    InferController(Inference inference, ModelRepository repository) {
        this.inference = inference;
        this.repository = repository;
    }

    @Override
    public void modelInfer(ModelInferRequest request, StreamObserver<ModelInferResponse> observer) {
        answer(observer, () -> {
            Inference.Answer answer = inference.infer(new Inference.Call(
                    request.getModelName(),
                    request.getModelVersion(),
                    GrpcTensorCodec.decode(request),
                    request.getOutputsList().stream()
                            .map(InferRequestedOutputTensor::getName)
                            .toList(),
                    InferParameters.ofMessage(request.getParametersMap()),
                    timeLeft()));
            ModelInferResponse.Builder response = ModelInferResponse.newBuilder()
                    .setModelName(answer.version().model())
                    .setModelVersion(Integer.toString(answer.version().version()))
                    .setId(request.getId());
            answer.version()
                    .definition()
                    .embeddingSpace(answer.version().version())
                    .ifPresent(space -> response.putParameters(
                            ModelMetadata.EMBEDDING_SPACE,
                            InferParameter.newBuilder().setStringParam(space).build()));
            GrpcTensorCodec.encode(answer.outputs(), GrpcTensorCodec.isRaw(request), response);
            return response.build();
        });
    }

    @Override
    public void modelMetadata(ModelMetadataRequest request, StreamObserver<ModelMetadataResponse> observer) {
        answer(observer, () -> {
            ModelMetadata model = ModelMetadata.of(repository, request.getName(), request.getVersion());
            return ModelMetadataResponse.newBuilder()
                    .setName(model.name())
                    .addAllVersions(model.versions())
                    .setPlatform(model.platform())
                    .addAllInputs(metadata(model.inputs()))
                    .addAllOutputs(metadata(model.outputs()))
                    .putAllProperties(model.properties())
                    .build();
        });
    }

    @Override
    public void modelReady(ModelReadyRequest request, StreamObserver<ModelReadyResponse> observer) {
        answer(
                observer,
                () -> ModelReadyResponse.newBuilder()
                        .setReady(repository.isReady(request.getName(), request.getVersion()))
                        .build());
    }

    @Override
    public void serverLive(ServerLiveRequest request, StreamObserver<ServerLiveResponse> observer) {
        answer(observer, () -> ServerLiveResponse.newBuilder().setLive(true).build());
    }

    @Override
    public void serverReady(ServerReadyRequest request, StreamObserver<ServerReadyResponse> observer) {
        answer(
                observer,
                () -> ServerReadyResponse.newBuilder()
                        .setReady(repository.isScanned())
                        .build());
    }

    @Override
    public void serverMetadata(ServerMetadataRequest request, StreamObserver<ServerMetadataResponse> observer) {
        answer(observer, () -> {
            ServerMetadata server = ServerMetadata.current();
            return ServerMetadataResponse.newBuilder()
                    .setName(server.name())
                    .setVersion(server.version())
                    .addAllExtensions(server.extensions())
                    .build();
        });
    }

    private static @Nullable Duration timeLeft() {
        Deadline deadline = Context.current().getDeadline();
        return deadline == null ? null : Duration.ofNanos(deadline.timeRemaining(TimeUnit.NANOSECONDS));
    }

    private static List<TensorMetadata> metadata(List<TensorSpec> tensors) {
        return tensors.stream()
                .map(tensor -> TensorMetadata.newBuilder()
                        .setName(tensor.name())
                        .setDatatype(tensor.datatype().name())
                        .addAllShape(tensor.shape().dimensions())
                        .build())
                .toList();
    }

    private static <T> void answer(StreamObserver<T> observer, Supplier<T> answer) {
        T message;
        try {
            message = answer.get();
        } catch (InferenceException e) {
            observer.onError(
                    status(e).withDescription(e.getMessage()).withCause(e).asRuntimeException());
            return;
        } catch (RuntimeException e) {
            log.atError().setCause(e).log("request failed");
            observer.onError(Status.INTERNAL
                    .withDescription("report this with the time of the request")
                    .withCause(e)
                    .asRuntimeException());
            return;
        }
        observer.onNext(message);
        observer.onCompleted();
    }

    private static Status status(InferenceException error) {
        return switch (error) {
            case UnknownModel _ -> Status.NOT_FOUND;
            case ModelNotReady _, Overloaded _ -> Status.UNAVAILABLE;
            case InvalidRequest _ -> Status.INVALID_ARGUMENT;
            case SignatureMismatch _ -> Status.FAILED_PRECONDITION;
            case DeadlineExceeded _ -> Status.DEADLINE_EXCEEDED;
            case Cancelled _ -> Status.CANCELLED;
            case ExecutionFailed _ -> Status.INTERNAL;
        };
    }
}
