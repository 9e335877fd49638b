package io.millrace.model;

import feast.proto.types.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A feature's value as a model's input. */
public final class FeatureInputs {

    private FeatureInputs() {}

    /**
     * A number, or {@code missing} where there is none. {@code true} is 1.
     *
     * @throws IllegalArgumentException if the feature is of a type that is no number
     */
    public static double number(String feature, @Nullable Value value, double missing) {
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
     * A list of texts, empty where there is none; a text is a list of one.
     *
     * @throws IllegalArgumentException if the feature is no text and no list of texts
     */
    public static List<String> texts(String feature, @Nullable Value value) {
        if (value == null) {
            return List.of();
        }
        return switch (value.getValCase()) {
            case STRING_LIST_VAL -> value.getStringListVal().getValList();
            case STRING_VAL -> List.of(value.getStringVal());
            default -> throw new IllegalArgumentException(feature + " is " + value.getValCase() + ", no list of texts");
        };
    }
}
