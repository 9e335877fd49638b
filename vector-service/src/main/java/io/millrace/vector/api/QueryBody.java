package io.millrace.vector.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.millrace.vector.engine.Filter;
import io.millrace.vector.engine.VectorException.InvalidQuery;
import io.millrace.vector.engine.VectorQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A query in JSON: {@code {"vector": {"embedding": [...]}, "limit": 10, "filter": {"must": [...]}}}. */
record QueryBody(
        @Nullable Map<String, float[]> vector,
        @JsonProperty("embedding_space") @Nullable String embeddingSpace,
        @Nullable Integer limit,
        @Nullable FilterBody filter,
        @Nullable Parameters params,
        @JsonProperty("with_payload") @Nullable List<String> withPayload) {

    private static final int DEFAULT_LIMIT = 10;

    record Parameters(int ef) {}

    record FilterBody(
            @Nullable List<ConditionBody> must,
            @JsonProperty("must_not") @Nullable List<ConditionBody> mustNot) {}

    /** A key with exactly one of the tests, or ids alone. */
    record ConditionBody(
            @Nullable String key,
            @Nullable JsonNode match,
            @Nullable List<JsonNode> any,
            @Nullable RangeBody range,
            @Nullable Boolean exists,
            @Nullable List<String> ids) {}

    record RangeBody(
            @Nullable Double gt,
            @Nullable Double gte,
            @Nullable Double lt,
            @Nullable Double lte) {}

    /** The query, for a collection whose one vector has this name. */
    VectorQuery toQuery(String vectorName) {
        float[] coordinates = vector == null || vector.size() != 1 ? null : vector.get(vectorName);
        if (coordinates == null) {
            throw new InvalidQuery("/vector", "give {\"" + vectorName + "\": […]}");
        }
        return new VectorQuery(
                coordinates,
                limit == null ? DEFAULT_LIMIT : limit,
                filter == null
                        ? Filter.NONE
                        : new Filter(
                                conditions(filter.must, "/filter/must/"),
                                conditions(filter.mustNot, "/filter/must_not/")),
                withPayload == null ? List.of() : withPayload,
                params == null ? 0 : params.ef);
    }

    private static List<Filter.Condition> conditions(@Nullable List<ConditionBody> bodies, String pointer) {
        List<Filter.Condition> conditions = new ArrayList<>();
        for (int i = 0; bodies != null && i < bodies.size(); i++) {
            conditions.add(condition(bodies.get(i), pointer + i));
        }
        return conditions;
    }

    private static Filter.Condition condition(@Nullable ConditionBody body, String pointer) {
        if (body == null
                || Stream.of(body.match, body.any, body.range, body.exists, body.ids)
                                .filter(test -> test != null)
                                .count()
                        != 1) {
            throw new InvalidQuery(pointer, "give exactly one of match, any, range, exists and ids");
        }
        if (body.ids != null) {
            if (body.key != null) {
                throw new InvalidQuery(pointer + "/key", "ids are of the point itself; leave the key out");
            }
            return new Filter.Ids(Set.copyOf(body.ids));
        }
        if (body.key == null) {
            throw new InvalidQuery(pointer + "/key", "name the payload key");
        }
        if (body.match != null) {
            return new Filter.Match(body.key, value(body.match, pointer + "/match"));
        }
        if (body.any != null) {
            List<Object> values = new ArrayList<>();
            for (JsonNode value : body.any) {
                values.add(value(value, pointer + "/any"));
            }
            return new Filter.Any(body.key, values);
        }
        return body.range != null
                ? new Filter.Range(body.key, body.range.gt, body.range.gte, body.range.lt, body.range.lte)
                : new Filter.Exists(body.key, Boolean.TRUE.equals(body.exists));
    }

    private static Object value(JsonNode json, String pointer) {
        if (json.isString()) {
            return json.stringValue();
        }
        if (json.isBoolean()) {
            return json.booleanValue();
        }
        if (json.isIntegralNumber() && json.canConvertToLong()) {
            return json.longValue();
        }
        if (json.isNumber()) {
            return json.doubleValue();
        }
        throw new InvalidQuery(pointer, "write a string, a number, true or false");
    }
}
