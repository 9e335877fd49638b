package io.millrace.feature.feast;

import feast.proto.types.Value;
import java.util.Optional;

/** The type of an entity's id. The type is part of the key: an id of another one would find nothing. */
public enum JoinKeyType {
    STRING,
    INT64,
    INT32;

    /** The id in this text, or nothing where it is no id of this type. */
    public Optional<Value> parse(String id) {
        try {
            return Optional.of(
                    switch (this) {
                        case STRING -> Value.newBuilder().setStringVal(id).build();
                        case INT64 ->
                            Value.newBuilder().setInt64Val(Long.parseLong(id)).build();
                        case INT32 ->
                            Value.newBuilder().setInt32Val(Integer.parseInt(id)).build();
                    });
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** The same id as this type, as Feast's own server does it, or nothing where it is no id of this type. */
    public Optional<Value> coerce(Value id) {
        return switch (id.getValCase()) {
            case STRING_VAL -> this == STRING ? Optional.of(id) : parse(id.getStringVal());
            case INT64_VAL -> this == INT64 ? Optional.of(id) : parse(Long.toString(id.getInt64Val()));
            case INT32_VAL -> this == INT32 ? Optional.of(id) : parse(Integer.toString(id.getInt32Val()));
            default -> Optional.empty();
        };
    }
}
