package io.millrace.feature.aggregation;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The type of a feature, by Feast's name, and of the column values that it is made of. */
public enum Dtype {
    INT64("Int64"),
    FLOAT64("Float64"),
    STRING("String"),
    BOOL("Bool"),
    STRING_LIST("StringList");

    private final String feastName;

    Dtype(String feastName) {
        this.feastName = feastName;
    }

    /** {@code Int64}, {@code Float64}, {@code String}, {@code Bool} or {@code StringList}. */
    public String feastName() {
        return feastName;
    }

    /** The type with this name, if there is one. */
    public static Optional<Dtype> named(String feastName) {
        return Arrays.stream(values())
                .filter(each -> each.feastName.equals(feastName))
                .findFirst();
    }

    /**
     * The column value as this type, or null where it is none: a fraction is no Int64, a text no number, and what is not
     * finite is nothing. A StringList is made of strings.
     */
    @Nullable
    Object coerce(@Nullable Object value) {
        return switch (this) {
            case INT64 ->
                switch (value) {
                    case Long number -> number;
                    case Double number
                    when number == Math.rint(number) && Math.abs(number) < 0x1p63 -> (Object) number.longValue();
                    case null, default -> null;
                };
            case FLOAT64 ->
                switch (value) {
                    case Long number -> (Object) number.doubleValue();
                    case Double number when Double.isFinite(number) -> number;
                    case null, default -> null;
                };
            case STRING, STRING_LIST -> value instanceof String ? value : null;
            case BOOL -> value instanceof Boolean ? value : null;
        };
    }
}
