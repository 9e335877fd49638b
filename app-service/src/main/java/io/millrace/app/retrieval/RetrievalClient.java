package io.millrace.app.retrieval;

import io.grpc.Channel;
import io.grpc.Deadline;
import io.millrace.vector.v1.DescribeCollectionRequest;
import io.millrace.vector.v1.DescribeCollectionResponse;
import io.millrace.vector.v1.Filter;
import io.millrace.vector.v1.Hit;
import io.millrace.vector.v1.PayloadValue;
import io.millrace.vector.v1.QueryRequest;
import io.millrace.vector.v1.StringValues;
import io.millrace.vector.v1.VectorServiceGrpc;
import io.millrace.vector.v1.VectorServiceGrpc.VectorServiceBlockingStub;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Asks for the nearest points. Calls wait for the answer, and fail with a {@code StatusRuntimeException}. */
public final class RetrievalClient {

    private final VectorServiceBlockingStub stub;

    public RetrievalClient(Channel channel) {
        this.stub = VectorServiceGrpc.newBlockingStub(channel);
    }

    /** The points, best first. */
    public List<Candidate> query(VectorQuery query, Deadline deadline) {
        QueryRequest request = QueryRequest.newBuilder()
                .setCollection(query.collection())
                .setEmbeddingSpace(query.embeddingSpace())
                .setVector(query.vector())
                .setLimit(query.limit())
                .setFilter(Filter.newBuilder()
                        .addAllMust(query.must().stream()
                                .map(RetrievalClient::condition)
                                .toList())
                        .addAllMustNot(query.mustNot().stream()
                                .map(RetrievalClient::condition)
                                .toList()))
                .addAllWithPayload(query.payload())
                .build();
        return stub.withDeadline(deadline).query(request).getHitsList().stream()
                .map(RetrievalClient::candidate)
                .toList();
    }

    /** What the collection holds. */
    public CollectionSchema describe(String collection, Deadline deadline) {
        DescribeCollectionResponse response = stub.withDeadline(deadline)
                .describeCollection(DescribeCollectionRequest.newBuilder()
                        .setCollection(collection)
                        .build());
        Map<String, String> payload = new HashMap<>();
        response.getPayloadList().forEach(key -> payload.put(key.getName(), key.getType()));
        return new CollectionSchema(response.getDimension(), response.getMaxLimit(), payload);
    }

    private static io.millrace.vector.v1.Condition condition(VectorQuery.Condition condition) {
        var message = io.millrace.vector.v1.Condition.newBuilder();
        return switch (condition) {
            case VectorQuery.Condition.Match(String key, Object value) ->
                message.setKey(key).setMatch(payloadValue(value)).build();
            case VectorQuery.Condition.Ids(List<String> ids) ->
                message.setIds(StringValues.newBuilder().addAllValues(ids)).build();
        };
    }

    private static PayloadValue payloadValue(Object value) {
        PayloadValue.Builder message = PayloadValue.newBuilder();
        return switch (value) {
            case Boolean bool -> message.setBoolValue(bool).build();
            case Long integer -> message.setInt64Value(integer).build();
            case Double number -> message.setDoubleValue(number).build();
            default -> message.setStringValue(value.toString()).build();
        };
    }

    private static Candidate candidate(Hit hit) {
        Map<String, @Nullable Object> payload = new HashMap<>();
        hit.getPayloadMap().forEach((key, value) -> payload.put(key, value(value)));
        return new Candidate(hit.getId(), hit.getScore(), payload);
    }

    private static @Nullable Object value(PayloadValue value) {
        return switch (value.getValueCase()) {
            case STRING_VALUE -> value.getStringValue();
            case DOUBLE_VALUE -> value.getDoubleValue();
            case INT64_VALUE -> value.getInt64Value();
            case BOOL_VALUE -> value.getBoolValue();
            case VALUE_NOT_SET -> null;
        };
    }
}
