package io.millrace.app.neighbours;

import com.google.protobuf.Timestamp;
import feast.proto.serving.FeatureList;
import feast.proto.serving.FieldStatus;
import feast.proto.serving.GetOnlineFeaturesRequest;
import feast.proto.serving.GetOnlineFeaturesResponse;
import feast.proto.serving.GetOnlineFeaturesResponse.FeatureVector;
import feast.proto.serving.GetOnlineFeaturesResponseMetadata;
import feast.proto.serving.ServingServiceGrpc;
import feast.proto.types.StringList;
import feast.proto.types.Value;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import org.jspecify.annotations.Nullable;

/** Serves features that a test put there. */
public final class FeatureServer extends ServingServiceGrpc.ServingServiceImplBase {

    private record Service(String joinKey, List<String> features, Map<String, Map<String, Value>> rows) {}

    private static final Timestamp TIME =
            Timestamp.newBuilder().setSeconds(1_767_225_600).build(); // the start of 2026

    private final Map<String, Service> services = new HashMap<>();
    private final Map<String, Behaviour> behaviours = new ConcurrentHashMap<>();
    private volatile @Nullable CyclicBarrier together;

    public FeatureServer define(String service, String joinKey, String... features) {
        services.put(service, new Service(joinKey, List.of(features), new HashMap<>()));
        return this;
    }

    public FeatureServer put(String service, String id, Map<String, Value> values) {
        java.util.Objects.requireNonNull(services.get(service)).rows().put(id, values);
        return this;
    }

    /** Answers only when so many calls have come. */
    public void answerTogether(int calls) {
        together = new CyclicBarrier(calls);
    }

    /** How it answers for this feature service. */
    public Behaviour behaviour(String service) {
        return behaviours.computeIfAbsent(service, _ -> new Behaviour());
    }

    public static Value number(double number) {
        return Value.newBuilder().setDoubleVal(number).build();
    }

    public static Value count(long number) {
        return Value.newBuilder().setInt64Val(number).build();
    }

    public static Value text(String text) {
        return Value.newBuilder().setStringVal(text).build();
    }

    public static Value texts(String... texts) {
        return Value.newBuilder()
                .setStringListVal(StringList.newBuilder().addAllVal(List.of(texts)))
                .build();
    }

    @Override
    public void getOnlineFeatures(
            GetOnlineFeaturesRequest request, StreamObserver<GetOnlineFeaturesResponse> observer) {
        behaviour(request.getFeatureService()).answer(observer, () -> {
            CyclicBarrier barrier = together;
            if (barrier != null) {
                try {
                    barrier.await();
                } catch (InterruptedException | java.util.concurrent.BrokenBarrierException e) {
                    throw Status.INTERNAL.withCause(e).asRuntimeException();
                }
            }
            return answer(request);
        });
    }

    private GetOnlineFeaturesResponse answer(GetOnlineFeaturesRequest request) {
        Service service = services.get(request.getFeatureService());
        if (service == null) {
            throw Status.NOT_FOUND
                    .withDescription("there is no feature service " + request.getFeatureService())
                    .asRuntimeException();
        }
        if (!request.getEntitiesMap().containsKey(service.joinKey())) {
            throw Status.INVALID_ARGUMENT
                    .withDescription("add the ids of " + service.joinKey())
                    .asRuntimeException();
        }
        List<Value> ids = request.getEntitiesOrThrow(service.joinKey()).getValList();
        FeatureList.Builder names = FeatureList.newBuilder().addVal(service.joinKey());
        GetOnlineFeaturesResponse.Builder response = GetOnlineFeaturesResponse.newBuilder();
        response.addResultsBuilder().addAllValues(ids);
        for (String feature : service.features()) {
            names.addVal(feature);
            FeatureVector.Builder column = response.addResultsBuilder();
            for (Value id : ids) {
                Map<String, Value> row = service.rows().get(id.getStringVal());
                Value value = row == null ? null : row.get(feature);
                column.addValues(value == null ? Value.getDefaultInstance() : value)
                        .addEventTimestamps(row == null ? Timestamp.getDefaultInstance() : TIME)
                        .addStatuses(
                                row == null
                                        ? FieldStatus.NOT_FOUND
                                        : value == null ? FieldStatus.NULL_VALUE : FieldStatus.PRESENT);
            }
        }
        return response.setMetadata(
                        GetOnlineFeaturesResponseMetadata.newBuilder().setFeatureNames(names))
                .build();
    }
}
