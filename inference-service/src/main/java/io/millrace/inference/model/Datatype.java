package io.millrace.inference.model;

import java.util.Arrays;
import java.util.Optional;

/** The datatypes of the Open Inference Protocol that are served, under the protocol's names. */
public enum Datatype {
    BOOL(1),
    INT32(4),
    INT64(8),
    FP32(4),
    FP64(8),
    /** Text in UTF-8 as far as models are concerned; elements have no fixed width. */
    BYTES(0);

    private final int width;

    Datatype(int width) {
        this.width = width;
    }

    /** The datatype with this name in the protocol. */
    public static Optional<Datatype> named(String name) {
        return Arrays.stream(values())
                .filter(datatype -> datatype.name().equals(name))
                .findFirst();
    }

    /** Bytes of one element, 0 for {@link #BYTES}. */
    public int width() {
        return width;
    }
}
