package io.millrace.vector.api;

import io.millrace.vector.engine.Filter;
import io.millrace.vector.engine.Hits;
import io.millrace.vector.engine.VectorException.InvalidQuery;
import io.millrace.vector.engine.VectorQuery;
import io.millrace.vector.v1.Condition;
import io.millrace.vector.v1.Hit;
import io.millrace.vector.v1.PayloadValue;
import io.millrace.vector.v1.QueryRequest;
import io.millrace.vector.v1.QueryResponse;
import io.millrace.vector.v1.Range;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Between the engine's queries and hits, and their protobuf messages. */
final class GrpcMessages {

    private GrpcMessages() {}

    static VectorQuery query(QueryRequest request) {
        if (request.getVector().size() % Float.BYTES != 0) {
            throw new InvalidQuery("/vector", "a vector is little-endian float32, 4 bytes for each coordinate");
        }
        float[] vector = new float[request.getVector().size() / Float.BYTES];
        request.getVector()
                .asReadOnlyByteBuffer()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(vector);
        return new VectorQuery(
                vector,
                request.getLimit(),
                new Filter(
                        conditions(request.getFilter().getMustList(), "/filter/must/"),
                        conditions(request.getFilter().getMustNotList(), "/filter/must_not/")),
                request.getWithPayloadList(),
                request.getEf());
    }

    private static List<Filter.Condition> conditions(List<Condition> messages, String pointer) {
        List<Filter.Condition> conditions = new ArrayList<>(messages.size());
        for (int i = 0; i < messages.size(); i++) {
            conditions.add(condition(messages.get(i), pointer + i));
        }
        return conditions;
    }

    private static Filter.Condition condition(Condition message, String pointer) {
        String key = message.getKey();
        return switch (message.getTestCase()) {
            case MATCH -> new Filter.Match(key, value(message.getMatch(), pointer + "/match"));
            case ANY ->
                new Filter.Any(
                        key,
                        message.getAny().getValuesList().stream()
                                .map(value -> value(value, pointer + "/any"))
                                .toList());
            case RANGE -> range(key, message.getRange());
            case EXISTS -> new Filter.Exists(key, message.getExists());
            case IDS -> {
                if (!key.isEmpty()) {
                    throw new InvalidQuery(pointer + "/key", "ids are of the point itself; leave the key out");
                }
                yield new Filter.Ids(Set.copyOf(message.getIds().getValuesList()));
            }
            case TEST_NOT_SET -> throw new InvalidQuery(pointer, "give one of match, any, range, exists and ids");
        };
    }

    private static Filter.Range range(String key, Range message) {
        return new Filter.Range(
                key,
                message.hasGt() ? message.getGt() : null,
                message.hasGte() ? message.getGte() : null,
                message.hasLt() ? message.getLt() : null,
                message.hasLte() ? message.getLte() : null);
    }

    private static Object value(PayloadValue message, String pointer) {
        return switch (message.getValueCase()) {
            case STRING_VALUE -> message.getStringValue();
            case DOUBLE_VALUE -> message.getDoubleValue();
            case INT64_VALUE -> message.getInt64Value();
            case BOOL_VALUE -> message.getBoolValue();
            case VALUE_NOT_SET -> throw new InvalidQuery(pointer, "give a value");
        };
    }

    static QueryResponse response(Searches.Found found) {
        QueryResponse.Builder response = QueryResponse.newBuilder()
                .setEmbeddingSpace(found.embeddingSpace())
                .setPlan(found.hits().plan().wireName());
        for (Hits.Hit hit : found.hits().hits()) {
            Hit.Builder message = response.addHitsBuilder().setId(hit.id()).setScore(hit.score());
            hit.payload().forEach((key, value) -> message.putPayload(key, message(value)));
        }
        return response.build();
    }

    private static PayloadValue message(Object value) {
        PayloadValue.Builder message = PayloadValue.newBuilder();
        return switch (value) {
            case String text -> message.setStringValue(text).build();
            case Double number -> message.setDoubleValue(number).build();
            case Long number -> message.setInt64Value(number).build();
            case Boolean flag -> message.setBoolValue(flag).build();
            default -> throw new IllegalStateException("no payload value: " + value.getClass());
        };
    }
}
