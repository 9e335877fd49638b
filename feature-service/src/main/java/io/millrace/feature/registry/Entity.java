package io.millrace.feature.registry;

import feast.proto.types.Value;
import io.millrace.feature.feast.EntityKeyCodec;
import io.millrace.feature.feast.JoinKeyType;
import java.util.Optional;

/**
 * What features describe.
 *
 * @param name its name in events and definitions
 * @param joinKey the name of its id in requests and in the online store's keys
 * @param feastProject the project that closes the online store's keys
 */
public record Entity(String name, String joinKey, JoinKeyType valueType, String feastProject, EntityKeyCodec codec) {

    Entity(String name, String joinKey, JoinKeyType valueType, String feastProject) {
        this(name, joinKey, valueType, feastProject, new EntityKeyCodec(feastProject, joinKey));
    }

    /** The online store's key for an id as an event has it, or nothing where it is no id of this entity's type. */
    public Optional<byte[]> key(String id) {
        return valueType.parse(id).map(codec::encode);
    }

    /** The online store's key for an id as a request has it, or nothing where it is no id of this entity's type. */
    public Optional<byte[]> key(Value id) {
        return valueType.coerce(id).map(codec::encode);
    }

    @Override
    public String toString() {
        return "Entity[" + name + ", " + joinKey + ", " + valueType + ", " + feastProject + "]"; // hashed: no codec
    }
}
