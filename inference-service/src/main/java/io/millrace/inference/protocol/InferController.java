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
import inference.ModelStatisticsRequest;
import inference.ModelStatisticsResponse;
import inference.RepositoryIndexRequest;
import inference.RepositoryIndexResponse;
import inference.RepositoryModelLoadRequest;
import inference.RepositoryModelLoadResponse;
import inference.RepositoryModelUnloadRequest;
import inference.RepositoryModelUnloadResponse;
import inference.ServerLiveRequest;
import inference.ServerLiveResponse;
import inference.ServerMetadataRequest;
import inference.ServerMetadataResponse;
import inference.ServerReadyRequest;
import inference.ServerReadyResponse;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
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
import io.millrace.inference.repository.RepositoryControl;
import io.millrace.inference.routing.RoutingFile;
import io.millrace.inference.routing.Target;
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

    /** Named by gRPC's proposal A6, client retries. */
    private static final Metadata.Key<String> RETRY_AFTER =
            Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

    private final Inference inference;
    private final ModelRepository repository;
    private final RoutingFile routing;
    private final RepositoryControl control;
    private final AdminKey admin;

    InferController(
            Inference inference,
            ModelRepository repository,
            RoutingFile routing,
            RepositoryControl control,
            AdminKey admin) {
        this.inference = inference;
        this.repository = repository;
        this.routing = routing;
        this.control = control;
        this.admin = admin;
    }

    @Override
    public void modelInfer(ModelInferRequest request, StreamObserver<ModelInferResponse> observer) {
        try {
            inference.infer(
                    new Inference.Call(
                            request.getModelName(),
                            request.getModelVersion(),
                            request.getId(),
                            GrpcTensorCodec.decode(request),
                            request.getOutputsList().stream()
                                    .map(InferRequestedOutputTensor::getName)
                                    .toList(),
                            InferParameters.ofMessage(request.getParametersMap()),
                            timeLeft()),
                    new Inference.Then() {
                        @Override
                        public void answered(Inference.Answer answer) {
                            answer(observer, () -> response(request, answer));
                        }

                        @Override
                        public void failed(InferenceException why) {
                            refuse(observer, why);
                        }
                    });
        } catch (RuntimeException e) {
            refuse(observer, e);
        }
    }

    private static ModelInferResponse response(ModelInferRequest request, Inference.Answer answer) {
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
    }

    @Override
    public void modelMetadata(ModelMetadataRequest request, StreamObserver<ModelMetadataResponse> observer) {
        answer(observer, () -> {
            ModelMetadata model =
                    ModelMetadata.of(repository, routing.table(), request.getName(), request.getVersion());
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
        answer(observer, () -> {
            Target target = routing.table().main(request.getName(), request.getVersion());
            return ModelReadyResponse.newBuilder()
                    .setReady(repository.isReady(target.model(), target.version()))
                    .build();
        });
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

    @Override
    public void modelStatistics(ModelStatisticsRequest request, StreamObserver<ModelStatisticsResponse> observer) {
        answer(observer, () -> {
            ModelStatisticsResponse.Builder response = ModelStatisticsResponse.newBuilder();
            repository
                    .serving(request.getName(), request.getVersion())
                    .forEach(version -> response.addModelStats(GrpcStatistics.of(version)));
            return response.build();
        });
    }

    @Override
    public void repositoryIndex(RepositoryIndexRequest request, StreamObserver<RepositoryIndexResponse> observer) {
        answer(observer, () -> {
            RepositoryIndexResponse.Builder response = RepositoryIndexResponse.newBuilder();
            for (ModelRepository.IndexEntry entry : repository.index()) {
                if (!request.getReady() || entry.state() == ModelRepository.State.READY) {
                    response.addModelsBuilder()
                            .setName(entry.model())
                            .setVersion(
                                    entry.version() == null
                                            ? ""
                                            : entry.version().toString())
                            .setState(entry.state().name())
                            .setReason(entry.reason());
                }
            }
            return response.build();
        });
    }

    @Override
    public void repositoryModelLoad(
            RepositoryModelLoadRequest request, StreamObserver<RepositoryModelLoadResponse> observer) {
        if (refused(observer)) {
            return;
        }
        answer(observer, () -> {
            HttpRepositoryController.requireNothingSent(request.getParametersMap());
            control.load(request.getModelName());
            return RepositoryModelLoadResponse.getDefaultInstance();
        });
    }

    @Override
    public void repositoryModelUnload(
            RepositoryModelUnloadRequest request, StreamObserver<RepositoryModelUnloadResponse> observer) {
        if (refused(observer)) {
            return;
        }
        answer(observer, () -> {
            control.unload(request.getModelName());
            return RepositoryModelUnloadResponse.getDefaultInstance();
        });
    }

    private boolean refused(StreamObserver<?> observer) {
        String refusal = admin.refusal(AdminKeyInterceptor.SHOWN.get());
        if (refusal == null) {
            return false;
        }
        observer.onError(Status.PERMISSION_DENIED.withDescription(refusal).asRuntimeException());
        return true;
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
        } catch (RuntimeException e) {
            refuse(observer, e);
            return;
        }
        observer.onNext(message);
        observer.onCompleted();
    }

    private static void refuse(StreamObserver<?> observer, RuntimeException error) {
        if (error instanceof InferenceException known) {
            observer.onError(status(known)
                    .withDescription(known.getMessage())
                    .withCause(known)
                    .asRuntimeException(trailers(known)));
        } else {
            log.atError().setCause(error).log("request failed");
            observer.onError(Status.INTERNAL
                    .withDescription("report this with the time of the request")
                    .withCause(error)
                    .asRuntimeException());
        }
    }

    /** When to try again, for those who may; gRPC's own clients with a retry policy wait that long. */
    static Metadata trailers(InferenceException error) {
        Metadata trailers = new Metadata();
        if (error instanceof Overloaded overloaded) {
            trailers.put(
                    RETRY_AFTER,
                    Long.toString(overloaded.retryAfter().plusNanos(999_999).toMillis()));
        }
        return trailers;
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
