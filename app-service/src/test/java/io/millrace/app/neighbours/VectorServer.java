package io.millrace.app.neighbours;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.millrace.vector.v1.Condition;
import io.millrace.vector.v1.DescribeCollectionRequest;
import io.millrace.vector.v1.DescribeCollectionResponse;
import io.millrace.vector.v1.Hit;
import io.millrace.vector.v1.PayloadValue;
import io.millrace.vector.v1.QueryRequest;
import io.millrace.vector.v1.QueryResponse;
import io.millrace.vector.v1.VectorServiceGrpc;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** One collection of points in the plane, searched by comparing all. */
public final class VectorServer extends VectorServiceGrpc.VectorServiceImplBase {

    public static final String COLLECTION = "items";

    private record Point(String id, float x, float y, Map<String, PayloadValue> payload) {}

    private final Map<String, String> schema = new LinkedHashMap<>();
    private final List<Point> points = new CopyOnWriteArrayList<>();
    private final List<QueryRequest> queries = new CopyOnWriteArrayList<>();
    private final Behaviour behaviour = new Behaviour();

    public VectorServer key(String name, String type) {
        schema.put(name, type);
        return this;
    }

    public VectorServer put(String id, float x, float y, Map<String, PayloadValue> payload) {
        points.add(new Point(id, x, y, payload));
        return this;
    }

    public Behaviour behaviour() {
        return behaviour;
    }

    public List<QueryRequest> queries() {
        return queries;
    }

    public static PayloadValue of(Object value) {
        PayloadValue.Builder message = PayloadValue.newBuilder();
        return switch (value) {
            case Boolean bool -> message.setBoolValue(bool).build();
            case Double number -> message.setDoubleValue(number).build();
            default -> message.setStringValue(value.toString()).build();
        };
    }

    @Override
    public void query(QueryRequest request, StreamObserver<QueryResponse> observer) {
        queries.add(request);
        behaviour.answer(observer, () -> {
            var vector = request.getVector()
                    .asReadOnlyByteBuffer()
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer();
            List<Hit> hits = new ArrayList<>();
            for (Point point : points) {
                if (request.getFilter().getMustList().stream().allMatch(each -> holds(each, point))
                        && request.getFilter().getMustNotList().stream().noneMatch(each -> holds(each, point))) {
                    Hit.Builder hit = Hit.newBuilder()
                            .setId(point.id())
                            .setScore(vector.get(0) * point.x() + vector.get(1) * point.y());
                    point.payload().forEach((key, value) -> {
                        if (request.getWithPayloadCount() == 0
                                || request.getWithPayloadList().contains(key)) {
                            hit.putPayload(key, value);
                        }
                    });
                    hits.add(hit.build());
                }
            }
            hits.sort(Comparator.comparing(Hit::getScore).reversed());
            return QueryResponse.newBuilder()
                    .addAllHits(hits.stream().limit(request.getLimit()).toList())
                    .build();
        });
    }

    private static boolean holds(Condition condition, Point point) {
        return condition.hasIds()
                ? condition.getIds().getValuesList().contains(point.id())
                : condition.getMatch().equals(point.payload().get(condition.getKey()));
    }

    @Override
    public void describeCollection(
            DescribeCollectionRequest request, StreamObserver<DescribeCollectionResponse> observer) {
        behaviour.answer(observer, () -> {
            if (!request.getCollection().equals(COLLECTION)) {
                throw Status.NOT_FOUND
                        .withDescription("there is no collection " + request.getCollection())
                        .asRuntimeException();
            }
            DescribeCollectionResponse.Builder response = DescribeCollectionResponse.newBuilder()
                    .setMaxLimit(1000)
                    .setCollection(COLLECTION)
                    .setDimension(2)
                    .setDistance("dot");
            schema.forEach(
                    (name, type) -> response.addPayloadBuilder().setName(name).setType(type));
            return response.build();
        });
    }
}
