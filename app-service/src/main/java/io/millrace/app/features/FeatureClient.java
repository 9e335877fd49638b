package io.millrace.app.features;

import feast.proto.serving.GetOnlineFeaturesRequest;
import feast.proto.serving.GetOnlineFeaturesResponse;
import feast.proto.serving.ServingServiceGrpc;
import feast.proto.serving.ServingServiceGrpc.ServingServiceBlockingStub;
import feast.proto.types.RepeatedValue;
import feast.proto.types.Value;
import io.grpc.Channel;
import io.grpc.Deadline;
import java.util.List;
import java.util.Set;

/** Asks for the features of entities. Calls wait for the answer, and fail with a {@code StatusRuntimeException}. */
public final class FeatureClient {

    private static final List<String> NOBODY = List.of("-");

    private final ServingServiceBlockingStub stub;

    public FeatureClient(Channel channel) {
        this.stub = ServingServiceGrpc.newBlockingStub(channel);
    }

    /** The features of a feature service, with a row for each id. */
    public FeatureTable read(String service, String joinKey, List<String> ids, Deadline deadline) {
        RepeatedValue.Builder values = RepeatedValue.newBuilder();
        for (String id : ids) {
            values.addVal(Value.newBuilder().setStringVal(id));
        }
        GetOnlineFeaturesResponse response = stub.withDeadline(deadline)
                .getOnlineFeatures(GetOnlineFeaturesRequest.newBuilder()
                        .setFeatureService(service)
                        .putEntities(joinKey, values.build())
                        .build());
        return FeatureTable.of(response);
    }

    /** The names of the features that a feature service has. */
    public Set<String> names(String service, String joinKey, Deadline deadline) {
        return read(service, joinKey, NOBODY, deadline).names();
    }
}
