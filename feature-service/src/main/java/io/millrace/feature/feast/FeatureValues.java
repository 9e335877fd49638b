package io.millrace.feature.feast;

import feast.proto.types.StringList;
import feast.proto.types.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns what an aggregation gives into Feast's values and those into what JSON can say. */
public final class FeatureValues {

    private FeatureValues() {}

    /**
     * The value to store.
     *
     * @param value a {@code Long}, {@code Double}, {@code String}, {@code Boolean}, a list of strings, or null, which is
     *     stored as no bytes at all
     */
    public static Value of(@Nullable Object value) {
        return switch (value) {
            case null -> Value.getDefaultInstance();
            case Long number -> Value.newBuilder().setInt64Val(number).build();
            case Double number -> Value.newBuilder().setDoubleVal(number).build();
            case String text -> Value.newBuilder().setStringVal(text).build();
            case Boolean flag -> Value.newBuilder().setBoolVal(flag).build();
            case List<?> texts -> {
                StringList.Builder list = StringList.newBuilder();
                texts.forEach(text -> list.addVal((String) text));
                yield Value.newBuilder().setStringListVal(list).build();
            }
            default -> throw new IllegalArgumentException("no feature value: " + value.getClass());
        };
    }

    /** Whether nothing is known: unset, or Feast's explicit null. */
    public static boolean isNull(Value value) {
        return switch (value.getValCase()) {
            case NULL_VAL, VAL_NOT_SET -> true;
            default -> false;
        };
    }

    /**
     * The value as JSON has it: a number, string, boolean, list or null; bytes are base64 in JSON. A 32-bit number is
     * widened as Feast does it, and what is not finite, which JSON cannot say, is null.
     */
    public static @Nullable Object toJson(Value value) {
        return switch (value.getValCase()) {
            case BYTES_VAL -> value.getBytesVal().toByteArray();
            case STRING_VAL -> value.getStringVal();
            case INT32_VAL -> value.getInt32Val();
            case INT64_VAL -> value.getInt64Val();
            case DOUBLE_VAL -> finite(value.getDoubleVal());
            case FLOAT_VAL -> finite(value.getFloatVal());
            case BOOL_VAL -> value.getBoolVal();
            case UNIX_TIMESTAMP_VAL -> value.getUnixTimestampVal();
            case BYTES_LIST_VAL ->
                value.getBytesListVal().getValList().stream()
                        .map(bytes -> bytes.toByteArray())
                        .toList();
            case STRING_LIST_VAL -> List.copyOf(value.getStringListVal().getValList());
            case INT32_LIST_VAL -> value.getInt32ListVal().getValList();
            case INT64_LIST_VAL -> value.getInt64ListVal().getValList();
            case DOUBLE_LIST_VAL -> finite(value.getDoubleListVal().getValList());
            case FLOAT_LIST_VAL -> finite(value.getFloatListVal().getValList());
            case BOOL_LIST_VAL -> value.getBoolListVal().getValList();
            case UNIX_TIMESTAMP_LIST_VAL -> value.getUnixTimestampListVal().getValList();
            case NULL_VAL, VAL_NOT_SET -> null;
        };
    }

    private static @Nullable Object finite(double number) {
        return Double.isFinite(number) ? number : null;
    }

    private static List<@Nullable Object> finite(List<? extends Number> numbers) {
        List<@Nullable Object> finite = new ArrayList<>(numbers.size());
        numbers.forEach(number -> finite.add(finite(number.doubleValue())));
        return finite;
    }
}
