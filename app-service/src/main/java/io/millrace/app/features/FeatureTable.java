package io.millrace.app.features;

import com.google.protobuf.Timestamp;
import feast.proto.serving.FieldStatus;
import feast.proto.serving.GetOnlineFeaturesResponse;
import feast.proto.serving.GetOnlineFeaturesResponse.FeatureVector;
import feast.proto.types.Value;
import io.millrace.model.FeatureInputs;
import io.millrace.wire.PredictionRecord.FeatureCell;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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
        return FeatureInputs.number(feature, value(feature, row), missing);
    }

    /**
     * A list of texts, empty where there is none.
     *
     * @throws IllegalArgumentException if the feature is no list of texts
     */
    public List<String> texts(String feature, int row) {
        return FeatureInputs.texts(feature, value(feature, row));
    }

    /** A value to compare with others, or {@code null} where there is none. */
    public @Nullable Object comparable(String feature, int row) {
        Value value = value(feature, row);
        return value == null ? null : value.getValCase() == Value.ValCase.STRING_VAL ? value.getStringVal() : value;
    }

    /**
     * A value as it was read, with its status and its time. A number is a {@code Long} or a {@code Double}; a value that
     * is no number, text, list of texts, {@code true} or {@code false} is given in protobuf's text form.
     */
    public FeatureCell cell(String feature, int row) {
        FeatureVector column = columns.get(feature);
        if (column == null) {
            return new FeatureCell(null, FeatureCell.Status.NOT_FOUND, null);
        }
        Instant time = row < column.getEventTimestampsCount() ? time(column.getEventTimestamps(row)) : null;
        return new FeatureCell(plain(column.getValues(row)), status(column.getStatuses(row)), time);
    }

    private static @Nullable Instant time(Timestamp time) {
        return time.getSeconds() == 0 && time.getNanos() == 0
                ? null
                : Instant.ofEpochSecond(time.getSeconds(), time.getNanos()).truncatedTo(ChronoUnit.MICROS);
    }

    private static FeatureCell.Status status(FieldStatus status) {
        return switch (status) {
            case PRESENT -> FeatureCell.Status.PRESENT;
            case NULL_VALUE -> FeatureCell.Status.NULL_VALUE;
            case NOT_FOUND -> FeatureCell.Status.NOT_FOUND;
            case OUTSIDE_MAX_AGE -> FeatureCell.Status.OUTSIDE_MAX_AGE;
            case INVALID, UNRECOGNIZED -> FeatureCell.Status.INVALID;
        };
    }

    private static @Nullable Object plain(Value value) {
        return switch (value.getValCase()) {
            case VAL_NOT_SET, NULL_VAL -> null;
            case INT64_VAL -> value.getInt64Val();
            case INT32_VAL -> (long) value.getInt32Val();
            case UNIX_TIMESTAMP_VAL -> value.getUnixTimestampVal();
            case DOUBLE_VAL -> value.getDoubleVal();
            case FLOAT_VAL -> (double) value.getFloatVal();
            case BOOL_VAL -> value.getBoolVal();
            case STRING_VAL -> value.getStringVal();
            case STRING_LIST_VAL -> List.copyOf(value.getStringListVal().getValList());
            default -> value.toString();
        };
    }

    private @Nullable Value value(String feature, int row) {
        FeatureVector column = columns.get(feature);
        return column == null || column.getStatuses(row) != FieldStatus.PRESENT ? null : column.getValues(row);
    }
}
