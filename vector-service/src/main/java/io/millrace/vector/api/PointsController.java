package io.millrace.vector.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.millrace.vector.collection.CollectionDefinition;
import io.millrace.vector.collection.CollectionId;
import io.millrace.vector.collection.Collections;
import io.millrace.vector.engine.Filter;
import io.millrace.vector.engine.Hits;
import io.millrace.vector.engine.VectorException.InvalidPoint;
import io.millrace.vector.engine.VectorException.InvalidQuery;
import io.millrace.vector.engine.VectorQuery;
import io.millrace.vector.ingestion.PointPublisher;
import io.millrace.wire.Point;
import io.millrace.wire.Problem;
import io.millrace.wire.ProblemType;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * Writes points, deletes them and looks them up. What is written goes through the topic, as points from anywhere do: 202
 * says that Kafka has it, and within a second searches do.
 */
@RestController
@RequestMapping("/v1/collections/{collection}")
final class PointsController {

    private static final int MOST = VectorQuery.MAX_LIMIT;

    private final Collections collections;
    private final Searches searches;
    private final PointPublisher publisher;
    private final InstantSource clock;

    PointsController(Collections collections, Searches searches, PointPublisher publisher, InstantSource clock) {
        this.collections = collections;
        this.searches = searches;
        this.publisher = publisher;
        this.clock = clock;
    }

    record Points(
            @JsonProperty("embedding_space") @Nullable String embeddingSpace,
            @Nullable List<@Nullable PointBody> points) {}

    /** How many points Kafka has, and what is wrong with the others, which are not kept. */
    record Written(int accepted, List<Rejected> rejected) {}

    record Rejected(int index, Problem problem) {}

    record Named(
            @JsonProperty("embedding_space") @Nullable String embeddingSpace,
            @Nullable List<@Nullable String> ids,
            @JsonProperty("with_payload") @Nullable List<String> withPayload) {}

    record Deleted(int accepted) {}

    record Found(
            @JsonProperty("embedding_space") String embeddingSpace, List<FoundPoint> points, List<String> missing) {}

    record FoundPoint(String id, Map<String, Object> payload) {}

    @PutMapping("/points")
    @ResponseStatus(HttpStatus.ACCEPTED)
    Written write(
            @PathVariable String collection,
            @RequestBody Points body,
            @RequestHeader(name = Tenant.HEADER, defaultValue = CollectionId.DEFAULT_TENANT) String tenant) {
        CollectionDefinition definition = collections.get(Tenant.collection(tenant, collection));
        String space = space(body.embeddingSpace());
        List<@Nullable PointBody> sent = within(body.points(), "/points");
        Instant now = clock.instant();
        List<Point> points = new ArrayList<>();
        List<Rejected> rejected = new ArrayList<>();
        for (int i = 0; i < sent.size(); i++) {
            try {
                points.add(point(sent.get(i), definition, space, now));
            } catch (InvalidPoint e) {
                Problem.Violation violation =
                        new Problem.Violation("/points/" + i, "invalid", String.valueOf(e.getMessage()));
                rejected.add(
                        new Rejected(i, Problem.of(ProblemType.VALIDATION, "change what errors names", violation)));
            }
        }
        publisher.upsert(tenant, points, now);
        return new Written(points.size(), rejected);
    }

    private static Point point(@Nullable PointBody body, CollectionDefinition definition, String space, Instant now) {
        if (body == null) {
            throw new InvalidPoint("write a point");
        }
        Point point = body.toPoint(definition, space, now.toEpochMilli());
        definition.schema().check(point);
        return point;
    }

    @PostMapping("/points:delete")
    @ResponseStatus(HttpStatus.ACCEPTED)
    Deleted delete(
            @PathVariable String collection,
            @RequestBody Named body,
            @RequestHeader(name = Tenant.HEADER, defaultValue = CollectionId.DEFAULT_TENANT) String tenant) {
        CollectionDefinition definition = collections.get(Tenant.collection(tenant, collection));
        String space = space(body.embeddingSpace());
        if (body.withPayload() != null) {
            throw new InvalidQuery("/with_payload", "nothing comes back of what is deleted; leave it out");
        }
        Set<String> ids = ids(body);
        publisher.delete(
                ids.stream()
                        .map(id -> new Point.Key(tenant, definition.id().name(), space, id))
                        .toList(),
                clock.instant());
        return new Deleted(ids.size());
    }

    @PostMapping("/points:get")
    Found get(
            @PathVariable String collection,
            @RequestBody Named body,
            @RequestHeader(name = Tenant.HEADER, defaultValue = CollectionId.DEFAULT_TENANT) String tenant,
            @RequestHeader(name = RequestTimeout.HEADER, defaultValue = RequestTimeout.DEFAULT) String timeout) {
        CollectionDefinition definition = collections.get(Tenant.collection(tenant, collection));
        Set<String> ids = ids(body);
        float[] anywhere = new float[definition.schema().dimension()];
        anywhere[0] = 1; // all points with these ids come back, however near they are
        Searches.Found found = searches.search(
                definition,
                body.embeddingSpace() == null ? "" : body.embeddingSpace(),
                new VectorQuery(
                        anywhere,
                        ids.size(),
                        new Filter(List.of(new Filter.Ids(ids)), List.of()),
                        body.withPayload() == null ? List.of() : body.withPayload(),
                        0),
                RequestTimeout.deadline(timeout));
        Map<String, FoundPoint> points = new HashMap<>();
        for (Hits.Hit hit : found.hits().hits()) {
            points.put(hit.id(), new FoundPoint(hit.id(), hit.payload()));
        }
        return new Found(
                found.embeddingSpace(),
                ids.stream().flatMap(id -> Stream.ofNullable(points.get(id))).toList(),
                ids.stream().filter(id -> !points.containsKey(id)).toList());
    }

    private static String space(@Nullable String embeddingSpace) {
        if (embeddingSpace == null
                || !PointBody.EMBEDDING_SPACE.matcher(embeddingSpace).matches()) {
            throw new InvalidQuery(
                    "/embedding_space", "name the model that made the vectors: 1 to 127 letters, digits, ., _ and -");
        }
        return embeddingSpace;
    }

    private static <T extends @Nullable Object> List<T> within(@Nullable List<T> list, String pointer) {
        if (list == null || list.isEmpty() || list.size() > MOST) {
            throw new InvalidQuery(pointer, "send 1 to " + MOST + " of them");
        }
        return list;
    }

    private static Set<String> ids(Named body) {
        List<@Nullable String> sent = within(body.ids(), "/ids");
        Set<String> ids = new LinkedHashSet<>();
        for (int i = 0; i < sent.size(); i++) {
            String id = sent.get(i);
            if (id == null || id.isEmpty()) {
                throw new InvalidQuery("/ids/" + i, "write an id");
            }
            ids.add(id);
        }
        return ids;
    }
}
