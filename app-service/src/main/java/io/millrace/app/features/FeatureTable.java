package io.millrace.app.features;

import feast.proto.serving.FieldStatus;
import feast.proto.serving.GetOnlineFeaturesResponse;
import feast.proto.serving.GetOnlineFeaturesResponse.FeatureVector;
import feast.proto.types.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The features of some entities: a row for each entity, in the order in which they were asked for. */
public final class FeatureTable {

    private static final FeatureTable EMPTY = new FeatureTable(Map.of());

    private final Map<String, FeatureVector> columns;

    private FeatureTable(Map<String, FeatureVector> columns) {
        this.columns = columns;
    }

    /** A table in which every value is missing. */
    public static FeatureTable empty() {
        return EMPTY;
    }

    /** The table in this answer, whose first column is the entities' own. */
    public static FeatureTable of(GetOnlineFeaturesResponse response) {
        List<String> names = response.getMetadata().getFeatureNames().getValList();
        Map<String, FeatureVector> columns = new HashMap<>();
        for (int i = 1; i < names.size(); i++) {
            columns.put(names.get(i), response.getResults(i));
        }
        return new FeatureTable(columns);
    }

    /** The names of the features. */
    public Set<String> names() {
        return columns.keySet();
    }

    /** Whether the store has any value for this row that is not too old. */
    public boolean has(int row) {
        for (FeatureVector column : columns.values()) {
            FieldStatus status = column.getStatuses(row);
            if (status == FieldStatus.PRESENT || status == FieldStatus.NULL_VALUE) {
                return true;
            }
        }
        return false;
    }

    /**
     * A number, or {@code missing} where there is none. {@code true} is 1.
     *
     * @throws IllegalArgumentException if the feature is of a type that is no number
     */
    public double number(String feature, int row, double missing) {
        Value value = value(feature, row);
        if (value == null) {
            return missing;
        }
        return switch (value.getValCase()) {
            case INT64_VAL -> value.getInt64Val();
            case DOUBLE_VAL -> value.getDoubleVal();
            case FLOAT_VAL -> value.getFloatVal();
            case INT32_VAL -> value.getInt32Val();
            case BOOL_VAL -> value.getBoolVal() ? 1 : 0;
            case UNIX_TIMESTAMP_VAL -> value.getUnixTimestampVal();
            default -> throw new IllegalArgumentException(feature + " is " + value.getValCase() + ", no number");
        };
    }

    /**
     * A list of texts, empty where there is none.
     *
     * @throws IllegalArgumentException if the feature is no list of texts
     */
    public List<String> texts(String feature, int row) {
        Value value = value(feature, row);
        if (value == null) {
            return List.of();
        }
        return switch (value.getValCase()) {
            case STRING_LIST_VAL -> value.getStringListVal().getValList();
            case STRING_VAL -> List.of(value.getStringVal());
            default -> throw new IllegalArgumentException(feature + " is " + value.getValCase() + ", no list of texts");
        };
    }

    /** A value to compare with others, or {@code null} where there is none. */
    public @Nullable Object comparable(String feature, int row) {
        Value value = value(feature, row);
        return value == null ? null : value.getValCase() == Value.ValCase.STRING_VAL ? value.getStringVal() : value;
    }

    private @Nullable Value value(String feature, int row) {
        FeatureVector column = columns.get(feature);
        return column == null || column.getStatuses(row) != FieldStatus.PRESENT ? null : column.getValues(row);
    }
}
