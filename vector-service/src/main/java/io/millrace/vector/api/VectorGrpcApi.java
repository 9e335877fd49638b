package io.millrace.vector.api;

import io.grpc.Context;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.millrace.vector.collection.CollectionDefinition;
import io.millrace.vector.collection.CollectionId;
import io.millrace.vector.collection.Collections;
import io.millrace.vector.collection.Generation;
import io.millrace.vector.collection.Generations;
import io.millrace.vector.engine.Deadline;
import io.millrace.vector.engine.VectorException;
import io.millrace.vector.engine.VectorQuery;
import io.millrace.vector.v1.DescribeCollectionRequest;
import io.millrace.vector.v1.DescribeCollectionResponse;
import io.millrace.vector.v1.QueryRequest;
import io.millrace.vector.v1.QueryResponse;
import io.millrace.vector.v1.VectorServiceGrpc;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** {@code millrace.vector.v1.VectorService}. Calls come on virtual threads, so they may wait. */
@Component
final class VectorGrpcApi extends VectorServiceGrpc.VectorServiceImplBase {

    private static final Logger log = LoggerFactory.getLogger(VectorGrpcApi.class);
    private static final Duration WITHOUT_DEADLINE = Duration.ofSeconds(10);

    private final Collections collections;
    private final Generations generations;
    private final Searches searches;

    VectorGrpcApi(Collections collections, Generations generations, Searches searches) {
        this.collections = collections;
        this.generations = generations;
        this.searches = searches;
    }

    @Override
    public void query(QueryRequest request, StreamObserver<QueryResponse> responses) {
        answer(responses, () -> {
            CollectionDefinition collection = find(request.getCollection());
            Searches.Found found =
                    searches.search(collection, request.getEmbeddingSpace(), GrpcMessages.query(request), deadline());
            return GrpcMessages.response(found);
        });
    }

    @Override
    public void describeCollection(
            DescribeCollectionRequest request, StreamObserver<DescribeCollectionResponse> responses) {
        answer(responses, () -> {
            CollectionDefinition collection = find(request.getCollection());
            DescribeCollectionResponse.Builder response = DescribeCollectionResponse.newBuilder()
                    .setCollection(collection.id().name())
                    .setDimension(collection.schema().dimension())
                    .setDistance(collection.schema().distance().wireName())
                    .setMaxLimit(VectorQuery.MAX_LIMIT);
            collection
                    .schema()
                    .payload()
                    .forEach((name, type) ->
                            response.addPayloadBuilder().setName(name).setType(type.wireName()));
            for (Generation generation : generations.of(collection)) {
                response.addGenerationsBuilder()
                        .setEmbeddingSpace(generation.embeddingSpace())
                        .setPoints(generation.index().points());
            }
            return response.build();
        });
    }

    private CollectionDefinition find(String name) {
        return collections.get(new CollectionId(CollectionId.DEFAULT_TENANT, name));
    }

    private static Deadline deadline() {
        io.grpc.Deadline given = Context.current().getDeadline();
        return Deadline.in(
                given == null ? WITHOUT_DEADLINE : Duration.ofNanos(given.timeRemaining(TimeUnit.NANOSECONDS)));
    }

    private static <T> void answer(StreamObserver<T> responses, Supplier<T> call) {
        try {
            responses.onNext(call.get());
            responses.onCompleted();
        } catch (VectorException e) {
            responses.onError(status(e).asRuntimeException());
        } catch (RuntimeException e) {
            // The edge: whatever it is, the caller gets a status and the log the reason.
            log.atError().setCause(e).log("call failed");
            responses.onError(
                    Status.INTERNAL.withDescription("something is wrong inside").asRuntimeException());
        }
    }

    private static Status status(VectorException error) {
        Status status = switch (error) {
            case VectorException.UnknownCollection _ -> Status.NOT_FOUND;
            case VectorException.UnknownEmbeddingSpace _ -> Status.FAILED_PRECONDITION;
            case VectorException.InvalidQuery invalid -> Status.INVALID_ARGUMENT.withDescription(invalid.pointer());
            case VectorException.InvalidPoint _ -> Status.INVALID_ARGUMENT;
            case VectorException.InvalidDefinition invalid ->
                Status.INVALID_ARGUMENT.withDescription(invalid.pointer());
            case VectorException.DefinitionConflict _ -> Status.ALREADY_EXISTS;
            case VectorException.Overloaded _ -> Status.RESOURCE_EXHAUSTED;
            case VectorException.DeadlineExceeded _ -> Status.DEADLINE_EXCEEDED;
            case VectorException.Unavailable _ -> Status.UNAVAILABLE;
        };
        String where = status.getDescription();
        return status.withDescription(where == null ? error.getMessage() : where + ": " + error.getMessage());
    }
}
