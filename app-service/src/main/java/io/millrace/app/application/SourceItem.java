package io.millrace.app.application;

import io.millrace.app.retrieval.Candidate;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An item of a source, the list that stands in for a retrieval.
 *
 * @param score larger is better
 * @param fields its payload; a value is a boolean, a number or a text
 */
public record SourceItem(String id, double score, @Nullable Map<String, @Nullable Object> fields) {

    public SourceItem {
        if (id == null || id.isBlank()) {
            throw new IllegalArgumentException("write the item's id");
        }
        if (fields != null && !fields.values().stream().allMatch(SourceItem::isFlat)) {
            throw new IllegalArgumentException("a field is a string, a number, true or false");
        }
    }

    private static boolean isFlat(@Nullable Object value) {
        return value == null || value instanceof String || value instanceof Number || value instanceof Boolean;
    }

    Candidate toCandidate() {
        Map<String, @Nullable Object> payload = new LinkedHashMap<>();
        if (fields != null) {
            fields.forEach(
                    (name, value) -> payload.put(name, value instanceof Integer number ? number.longValue() : value));
        }
        return new Candidate(id, score, payload);
    }
}
