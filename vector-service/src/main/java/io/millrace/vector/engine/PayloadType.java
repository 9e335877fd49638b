package io.millrace.vector.engine;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The type of a payload key. Types are strict: a {@code "5"} is no 5; only an integer may stand for a float. */
public enum PayloadType {
    KEYWORD,
    FLOAT,
    INTEGER,
    BOOL;

    /** The type that a definition calls {@code name}. */
    public static Optional<PayloadType> named(@Nullable String name) {
        for (PayloadType type : values()) {
            if (type.wireName().equals(name)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /** {@code keyword}, {@code float}, {@code integer} or {@code bool}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The value as a {@code String}, {@code Double}, {@code Long} or {@code Boolean}; empty if it is of another type. */
    public Optional<Object> canonical(Object value) {
        return switch (this) {
            case KEYWORD -> value instanceof String ? Optional.of(value) : Optional.empty();
            case FLOAT ->
                switch (value) {
                    case Double number when Double.isFinite(number) -> Optional.of(number + 0.0); // -0.0 becomes 0.0
                    case Long number -> Optional.of(number.doubleValue());
                    default -> Optional.empty();
                };
            case INTEGER -> value instanceof Long ? Optional.of(value) : Optional.empty();
            case BOOL -> value instanceof Boolean ? Optional.of(value) : Optional.empty();
        };
    }
}
