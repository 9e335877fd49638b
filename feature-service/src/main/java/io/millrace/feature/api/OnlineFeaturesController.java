package io.millrace.feature.api;

import com.google.protobuf.Timestamp;
import feast.proto.serving.FeatureList;
import feast.proto.serving.FieldStatus;
import feast.proto.serving.GetFeastServingInfoRequest;
import feast.proto.serving.GetFeastServingInfoResponse;
import feast.proto.serving.GetOnlineFeaturesRequest;
import feast.proto.serving.GetOnlineFeaturesResponse;
import feast.proto.serving.GetOnlineFeaturesResponse.FeatureVector;
import feast.proto.serving.GetOnlineFeaturesResponseMetadata;
import feast.proto.serving.ServingServiceGrpc;
import feast.proto.types.Value;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.stub.StreamObserver;
import io.millrace.feature.ConditionalOnRole;
import io.millrace.feature.ConditionalOnRole.Role;
import io.millrace.feature.FeatureException;
import io.millrace.feature.online.FeatureColumn;
import io.millrace.feature.online.FeatureSelection;
import io.millrace.feature.online.OnlineFeatureReader;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Controller;

/**
 * Feast's serving API: column-wise, entity columns first, then the features in the order of the request. Unlike Feast's
 * own server it says what is missing: NOT_FOUND, NULL_VALUE and OUTSIDE_MAX_AGE have no value.
 */
@Controller
@ConditionalOnRole(Role.SERVE)
final class OnlineFeaturesController extends ServingServiceGrpc.ServingServiceImplBase {

    private final OnlineFeatureReader features;

    OnlineFeaturesController(OnlineFeatureReader features) {
        this.features = features;
    }

    @Override
    public void getFeastServingInfo(
            GetFeastServingInfoRequest request, StreamObserver<GetFeastServingInfoResponse> answer) {
        String version = getClass().getPackage().getImplementationVersion();
        answer.onNext(GetFeastServingInfoResponse.newBuilder()
                .setVersion("millrace " + (version == null ? "development" : version))
                .build());
        answer.onCompleted();
    }

    @Override
    public void getOnlineFeatures(GetOnlineFeaturesRequest request, StreamObserver<GetOnlineFeaturesResponse> answer) {
        GetOnlineFeaturesResponse response;
        try {
            response = read(request);
        } catch (FeatureException e) {
            answer.onError(FeatureProblems.status(e).asRuntimeException());
            return;
        }
        answer.onNext(response);
        answer.onCompleted();
    }

    private GetOnlineFeaturesResponse read(GetOnlineFeaturesRequest request) {
        Map<String, List<Value>> entities = new LinkedHashMap<>();
        request.getEntitiesMap().forEach((joinKey, ids) -> entities.put(joinKey, ids.getValList()));
        List<FeatureColumn> columns =
                features.read(selection(request), entities, request.getFullFeatureNames(), timeLeftNanos());
        FeatureList.Builder names = FeatureList.newBuilder();
        GetOnlineFeaturesResponse.Builder response =
                GetOnlineFeaturesResponse.newBuilder().setStatus(true);
        entities.forEach((joinKey, ids) -> {
            names.addVal(joinKey);
            response.addResults(FeatureVector.newBuilder()
                    .addAllValues(ids)
                    .addAllStatuses(Collections.nCopies(ids.size(), FieldStatus.PRESENT))
                    .addAllEventTimestamps(Collections.nCopies(ids.size(), Timestamp.getDefaultInstance())));
        });
        for (FeatureColumn column : columns) {
            names.addVal(column.name());
            response.addResults(FeatureVector.newBuilder()
                    .addAllValues(column.values())
                    .addAllStatuses(column.statuses())
                    .addAllEventTimestamps(column.eventTimes()));
        }
        return response.setMetadata(
                        GetOnlineFeaturesResponseMetadata.newBuilder().setFeatureNames(names))
                .build();
    }

    private static FeatureSelection selection(GetOnlineFeaturesRequest request) {
        return switch (request.getKindCase()) {
            case FEATURE_SERVICE -> new FeatureSelection.Service(request.getFeatureService());
            case FEATURES -> new FeatureSelection.Listed(request.getFeatures().getValList());
            case KIND_NOT_SET ->
                throw new FeatureException.InvalidRequest("/", "name a feature_service, or list features");
        };
    }

    private static long timeLeftNanos() {
        Deadline deadline = Context.current().getDeadline();
        long left = deadline == null ? Long.MAX_VALUE : deadline.timeRemaining(TimeUnit.NANOSECONDS);
        if (left <= 0) {
            throw new FeatureException.DeadlineExceeded();
        }
        return left;
    }
}
