package io.millrace.feature.api;

import feast.proto.types.Value;
import io.millrace.feature.FeatureException;
import io.millrace.feature.feast.FeatureValues;
import io.millrace.feature.online.FeatureSelection;
import io.millrace.feature.registry.Definitions;
import io.millrace.feature.registry.Entity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A request as Feast's clients send it. Fields that it does not know are passed over, as Feast's server does. */
record FeastRequest(FeatureSelection selection, Map<String, List<JsonNode>> ids, boolean fullFeatureNames) {

    private static final JsonMapper JSON = new JsonMapper();

    /** The body has not the shape of a request, said as FastAPI says it. */
    static final class Unreadable extends RuntimeException {

        private final String detail;

        Unreadable(String type, List<String> location, String message) {
            super(message);
            this.detail = JSON.writeValueAsString(
                    Map.of("detail", List.of(Map.of("type", type, "loc", location, "msg", message))));
        }

        /** The body of the answer. */
        String detail() {
            return detail;
        }
    }

    static FeastRequest read(byte[] body) {
        JsonNode json = object(body);
        Map<String, List<JsonNode>> ids = new LinkedHashMap<>();
        JsonNode entities = json.path("entities");
        if (!entities.isObject()) {
            throw new Unreadable("dict_type", List.of("body", "entities"), "Input should be a valid dictionary");
        }
        entities.forEachEntry((joinKey, column) -> {
            if (!column.isArray()) {
                throw new Unreadable("list_type", List.of("body", "entities", joinKey), "Input should be a valid list");
            }
            ids.put(joinKey, column.valueStream().toList());
        });
        if (ids.values().stream().map(List::size).distinct().count() > 1) {
            throw new FeatureException.InvalidRequest("/entities", "All entity rows must have the same columns.");
        }
        return new FeastRequest(
                selection(json), ids, json.path("full_feature_names").asBoolean(false));
    }

    /** The push source that this body names. */
    static String pushSource(byte[] body) {
        JsonNode name = object(body).path("push_source_name");
        if (!name.isString()) {
            throw new Unreadable("string_type", List.of("body", "push_source_name"), "Input should be a valid string");
        }
        return name.stringValue();
    }

    private static JsonNode object(byte[] body) {
        try {
            JsonNode json = JSON.readTree(body);
            if (json.isObject()) {
                return json;
            }
        } catch (JacksonException e) {
            throw new Unreadable("json_invalid", List.of("body"), "JSON decode error: " + e.getOriginalMessage());
        }
        throw new Unreadable("model_attributes_type", List.of("body"), "Input should be a valid dictionary");
    }

    private static FeatureSelection selection(JsonNode json) {
        JsonNode service = json.path("feature_service");
        JsonNode features = json.path("features");
        if (service.isString()) {
            return new FeatureSelection.Service(service.stringValue());
        }
        if (!features.isArray() || !features.valueStream().allMatch(JsonNode::isString)) {
            throw new Unreadable(
                    "list_type",
                    List.of("body", "features"),
                    "Input should be a valid list of strings, or feature_service a string");
        }
        return new FeatureSelection.Listed(
                features.valueStream().map(JsonNode::stringValue).toList());
    }

    /** The ids by join key, of the type that the definitions say. */
    Map<String, List<Value>> entities(Definitions definitions) {
        Map<String, List<Value>> entities = new LinkedHashMap<>();
        ids.forEach((joinKey, column) -> {
            Entity entity = definitions.entities().stream()
                    .filter(each -> each.joinKey().equals(joinKey))
                    .findFirst()
                    .orElse(null);
            List<Value> values = new ArrayList<>(column.size());
            for (int row = 0; row < column.size(); row++) {
                values.add(value(column.get(row), joinKey, row, entity));
            }
            entities.put(joinKey, values);
        });
        return entities;
    }

    private static Value value(JsonNode id, String joinKey, int row, @Nullable Entity entity) {
        Value value = id.isString()
                ? FeatureValues.of(id.stringValue())
                : id.isIntegralNumber() && id.canConvertToLong()
                        ? FeatureValues.of((Object) id.longValue())
                        : Value.getDefaultInstance();
        return (entity == null
                        ? Optional.of(value).filter(each -> !FeatureValues.isNull(each))
                        : entity.valueType().coerce(value))
                .orElseThrow(() -> new FeatureException.InvalidRequest(
                        "/entities/" + joinKey + "/" + row,
                        "write " + joinKey + " as an id of type "
                                + (entity == null ? "string or integer" : entity.valueType())));
    }
}
